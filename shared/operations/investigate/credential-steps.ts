import type { Instant } from '../../domain/identifiers.ts'
import type { CredentialContext } from '../../domain/identity-context.ts'
import { isGuid } from '../../graph/respond/identity.ts'
import { isAgent, latestContext } from './investigation.ts'
import { type Case, didText, respond, type Step, sh, TOKENS } from './remediation-case.ts'
import { credentialText } from './section-lines.ts'
import { knownIn } from './sections.ts'
import { good, plainly, type Told, timeText } from './told.ts'

const MAX_CREDENTIALS = 10

/** A read list of credentials; an agent has none of its own, so its list says nothing. */
interface ReadCredentials {
  readonly at: Instant
  readonly all: readonly CredentialContext[]
  readonly isWhole: boolean
}

function readCredentials({ of }: Case): ReadCredentials | undefined {
  const read = latestContext(of)
  const all = knownIn(read?.sections.credentials)
  return read === undefined || all === undefined || isAgent(of)
    ? undefined
    : { at: read.at, all, isWhole: (read.sections.leftOut?.credentials ?? 0) === 0 }
}

const azApp = (...words: readonly string[]): string => sh('az', 'ad', 'app', ...words)
const azPrincipal = (...words: readonly string[]): string => sh('az', 'ad', 'sp', ...words)

const listCommands = ({ id, appId, of, account }: Case): readonly string[] => [
  azApp('credential', 'list', '--id', appId),
  azApp('credential', 'list', '--id', appId, '--cert'),
  azApp('federated-credential', 'list', '--id', appId),
  ...(isAgent(of) || account === 'deleted'
    ? []
    : [
        azPrincipal('credential', 'list', '--id', id),
        azPrincipal('credential', 'list', '--id', id, '--cert'),
      ]),
]

const notOurs = (id: string, title: string, reason: Told): Step => ({
  id,
  title,
  state: 'notApplicable',
  lines: [reason],
  commands: [],
  hunts: [],
})

export function inventory(on: Case): Step {
  const read = readCredentials(on)
  const title = isAgent(on.of)
    ? 'List the credentials of its blueprint'
    : 'List the credentials of both objects'
  if (on.credentialsElsewhere !== undefined) return notOurs('inventory', title, on.credentialsElsewhere)
  return {
    id: 'inventory',
    title,
    state: read?.isWhole === true ? 'done' : 'open',
    lines: read === undefined ? [] : [good(`Read at ${timeText(read.at)}: ${read.all.length}, see above.`)],
    commands: listCommands(on),
    hunts: [],
  }
}

export function addCertificate({ appId, account, credentialsElsewhere }: Case): Step {
  const title = 'Add a certificate, and let the workload use it'
  if (credentialsElsewhere !== undefined) return notOurs('certificate', title, credentialsElsewhere)
  if (account === 'deleted')
    return notOurs('certificate', title, plainly('Deleted: nothing signs in with it any more.'))
  return {
    id: 'certificate',
    title,
    state: 'open',
    lines: [plainly('A certificate instead of a secret: it is not copied into code.')],
    commands: [azApp('credential', 'reset', '--id', appId, '--append', '--cert', '@CERTIFICATE.pem')],
    hunts: [],
  }
}

interface OldCredential {
  readonly keyId: string
  readonly text: string
}

/** Credentials that may still be there: named ones first, then all others. */
function oldCredentials(on: Case, read: ReadCredentials | undefined): readonly OldCredential[] {
  const { keyIds } = on.of
  const isNamed = ({ keyId, namedByDetection }: CredentialContext): boolean =>
    namedByDetection || keyIds.includes(keyId)
  const known = (read?.all ?? []).toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)))
  // In a whole list, what is missing has been removed.
  const others = read?.isWhole === true ? [] : keyIds.filter((id) => known.every(({ keyId }) => keyId !== id))
  return [
    ...known.map((one) => ({
      keyId: one.keyId,
      text: `${credentialText(one)}${isNamed(one) ? '; named by a detection' : ''}`,
    })),
    ...others.map((keyId) => ({ keyId, text: `${keyId}; named by a detection` })),
  ]
}

function removeCommand(on: Case, keyId: string): string {
  const key = isGuid(keyId) ? keyId : 'KEY_ID'
  // Without a service principal, `respond` has nothing to find the application by.
  return on.account === 'deleted'
    ? azApp('credential', 'delete', '--id', on.appId, '--key-id', key)
    : respond(on, 'remove-credential', [key], isAgent(on.of) ? on.appId : on.id)
}

/** The name is an option's value even if it looks like an option. */
const removeFederated = ({ appId }: Case, name: string): string =>
  azApp('federated-credential', 'delete', '--id', appId, `--federated-credential-id=${name}`)

export function removeOld(on: Case): Step {
  const { of, credentialsElsewhere } = on
  const title = isAgent(of)
    ? 'Remove every old credential of its blueprint'
    : 'Remove every old credential, from both objects'
  if (credentialsElsewhere !== undefined) return notOurs('remove', title, credentialsElsewhere)
  const read = readCredentials(on)
  const removals = of.responses.filter(({ isDone, action }) => isDone && action === 'remove-credential')
  const isRemoved = (keyId: string): boolean =>
    removals.some((one) => one.keyId === keyId && (read === undefined || one.at >= read.at))
  const left = oldCredentials(on, read).filter(({ keyId }) => !isRemoved(keyId))
  const federated = isAgent(of) ? [] : (knownIn(latestContext(of)?.sections.federatedCredentials) ?? [])
  const isDone = read?.isWhole === true && left.length + federated.length === 0
  const shown = left.slice(0, MAX_CREDENTIALS)
  return {
    id: 'remove',
    title,
    state: isDone ? 'done' : 'open',
    lines: [
      ...removals.map((done) => good(didText(done))),
      ...shown.map(({ text }) => plainly(text)),
      ...(left.length > shown.length ? [plainly(`and ${left.length - shown.length} more`)] : []),
      TOKENS,
    ],
    commands: [
      ...shown.map(({ keyId }) => removeCommand(on, keyId)),
      ...(shown.length === 0 && !isDone ? [removeCommand(on, 'KEY_ID')] : []),
      ...federated.slice(0, MAX_CREDENTIALS).map(({ name }) => removeFederated(on, name)),
    ],
    hunts: ['cred.changes', 'cred.federated'],
  }
}
