import type { CredentialContext } from '../../domain/identity-context.ts'
import { isGuid } from '../../graph/respond/identity.ts'
import { isAgent, latestContext } from './investigation.ts'
import { type Case, didText, respond, type Step, sh, TOKENS } from './remediation-case.ts'
import { credentialText } from './section-lines.ts'
import { knownIn } from './sections.ts'
import { good, plainly, timeText } from './told.ts'

const MAX_CREDENTIALS = 10
const ABROAD = plainly(
  'The application belongs to another tenant: its publisher holds the credentials. Tell them.',
)

const inventoryCommands = ({ id, appId, of, isForeign, account }: Case): readonly string[] => [
  ...(isForeign
    ? []
    : [
        sh('az', 'ad', 'app', 'credential', 'list', '--id', appId),
        sh('az', 'ad', 'app', 'credential', 'list', '--id', appId, '--cert'),
        sh('az', 'ad', 'app', 'federated-credential', 'list', '--id', appId),
      ]),
  ...(isAgent(of) || account === 'deleted'
    ? []
    : [
        sh('az', 'ad', 'sp', 'credential', 'list', '--id', id),
        sh('az', 'ad', 'sp', 'credential', 'list', '--id', id, '--cert'),
      ]),
]

export function inventory(on: Case): Step {
  const credentials = knownIn(latestContext(on.of)?.sections.credentials)
  const at = latestContext(on.of)?.at
  return {
    id: 'inventory',
    title: isAgent(on.of) ? 'List the credentials of its blueprint' : 'List the credentials of both objects',
    state: credentials === undefined || isAgent(on.of) ? 'open' : 'done',
    lines: [
      ...(credentials === undefined || at === undefined || isAgent(on.of)
        ? []
        : [good(`Read at ${timeText(at)}: ${credentials.length}, see above.`)]),
      ...(on.isForeign ? [ABROAD] : []),
    ],
    commands: inventoryCommands(on),
    hunts: [],
  }
}

export const addCertificate = ({ appId, isForeign }: Case): Step => ({
  id: 'certificate',
  title: 'Add a certificate, and let the workload use it',
  state: isForeign ? 'notApplicable' : 'open',
  lines: isForeign ? [ABROAD] : [plainly('A certificate instead of a secret: it is not copied into code.')],
  commands: isForeign
    ? []
    : [sh('az', 'ad', 'app', 'credential', 'reset', '--id', appId, '--append', '--cert', '@CERTIFICATE.pem')],
  hunts: [],
})

/** Credentials to remove: named ones first, then all others. */
function oldCredentials({
  of,
}: Case): readonly (Pick<CredentialContext, 'keyId'> & { readonly text: string })[] {
  const known = knownIn(latestContext(of)?.sections.credentials) ?? []
  const named = of.keyIds.filter((keyId) => known.every((one) => one.keyId !== keyId))
  const isNamed = ({ keyId, namedByDetection }: CredentialContext) =>
    namedByDetection || of.keyIds.includes(keyId)
  return [
    ...known
      .toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)))
      .map((one) => ({
        keyId: one.keyId,
        text: `${credentialText(one)}${isNamed(one) ? '; named by a detection' : ''}`,
      })),
    ...named.map((keyId) => ({ keyId, text: `${keyId}; named by a detection` })),
  ]
}

export function removeOld(on: Case): Step {
  const { of, appId, isForeign } = on
  const remove = (keyId: string): string =>
    respond(on, 'remove-credential', [keyId], isAgent(of) ? appId : on.id)
  const removed = new Map(
    of.responses.flatMap((one) =>
      one.isDone && one.action === 'remove-credential' && one.keyId !== undefined
        ? [[one.keyId, one] as const]
        : [],
    ),
  )
  const read = latestContext(of)
  const isThere = (keyId: string): boolean =>
    knownIn(read?.sections.credentials)?.some((one) => one.keyId === keyId) !== false
  const all = oldCredentials(on)
  const left = all.filter(({ keyId }) => {
    const done = removed.get(keyId)
    if (done !== undefined)
      return (
        read !== undefined &&
        read.at > done.at &&
        knownIn(read.sections.credentials) !== undefined &&
        isThere(keyId)
      )
    return isThere(keyId)
  })
  const federated = knownIn(read?.sections.federatedCredentials) ?? []
  const isNone = all.length === 0 && federated.length === 0
  return {
    id: 'remove',
    title: isAgent(of)
      ? 'Remove every old credential of its blueprint'
      : 'Remove every old credential, from both objects',
    state: isForeign ? 'notApplicable' : !isNone && left.length + federated.length === 0 ? 'done' : 'open',
    lines: [
      ...[...removed.values()].map((done) => good(didText(done))),
      ...left.slice(0, MAX_CREDENTIALS).map(({ text }) => plainly(text)),
      ...(left.length > MAX_CREDENTIALS ? [plainly(`and ${left.length - MAX_CREDENTIALS} more`)] : []),
      ...(isForeign ? [ABROAD] : [TOKENS]),
    ],
    commands: isForeign
      ? []
      : [
          ...left.slice(0, MAX_CREDENTIALS).map(({ keyId }) => remove(isGuid(keyId) ? keyId : 'KEY_ID')),
          ...(isNone ? [remove('KEY_ID')] : []),
          ...federated
            .slice(0, MAX_CREDENTIALS)
            .map(({ name }) =>
              sh(
                'az',
                'ad',
                'app',
                'federated-credential',
                'delete',
                '--id',
                appId,
                `--federated-credential-id=${name}`,
              ),
            ),
        ],
    hunts: ['cred.changes', 'cred.federated'],
  }
}
