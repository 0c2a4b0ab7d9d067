import { shellWord } from '../../encoding/shell-word.ts'
import { isGuid } from '../../graph/respond/identity.ts'
import { type AccountState, accountOf, enabledAgain } from './account.ts'
import { type Investigation, isAgent, latestContext } from './investigation.ts'
import { type Response, responseText } from './response.ts'
import { knownIn } from './sections.ts'
import { finding, plainly, type Told, timeText } from './told.ts'

/** A step of the remediation, in Microsoft's order. */
export interface Step {
  readonly id: string
  readonly title: string
  /** `attention`: it was done, and undone. */
  readonly state: 'done' | 'open' | 'attention' | 'notApplicable'
  readonly lines: readonly Told[]
  /** To be pasted into a POSIX shell. Words in capitals are for the reader to fill in. */
  readonly commands: readonly string[]
  /** Ids of queries that help. */
  readonly hunts: readonly string[]
}

/** A command of `risk-export` about the same app, as it would be typed. */
export type AsTyped = (...words: readonly string[]) => string

const GRAPH = 'https://graph.microsoft.com/v1.0'

/** What the steps need to know. */
export interface Case {
  readonly of: Investigation
  readonly asTyped: AsTyped
  /** Object id; in capitals where it is none: what a record calls an id may be anything. */
  readonly id: string
  readonly appId: string
  /** Why its credentials are not in this tenant's hands. */
  readonly credentialsElsewhere: Told | undefined
  readonly account: AccountState | undefined
}

export const sh = (...words: readonly string[]): string => words.map(shellWord).join(' ')
export const rest = (method: 'get' | 'delete', path: string): string =>
  sh('az', 'rest', '--method', method, '--url', `${GRAPH}/${path}`)

const ABROAD = plainly(
  'The application belongs to another tenant: its publisher holds the credentials. Tell them.',
)
const MANAGED = plainly(
  'A managed identity: Azure holds its credentials. Identity Protection and Conditional Access do not cover it.',
)

function elsewhere(tenancy: string | undefined, { identity }: Investigation): Told | undefined {
  if (tenancy === 'foreign') return ABROAD
  return tenancy === 'managedIdentity' || identity.subtype === 'ManagedIdentity' ? MANAGED : undefined
}

export function caseOf(of: Investigation, asTyped: AsTyped): Case {
  const { id, appId, blueprintId } = of.identity
  const principal = knownIn(latestContext(of)?.sections.principal)
  const found = principal?.presence === 'found' ? principal : undefined
  const holder = isAgent(of) ? blueprintId : appId
  return {
    of,
    asTyped,
    id: isGuid(id) ? id : 'OBJECT_ID',
    appId: holder !== undefined && isGuid(holder) ? holder : isAgent(of) ? 'BLUEPRINT_ID' : 'APPLICATION_ID',
    credentialsElsewhere: elsewhere(found?.tenancy, of),
    account: accountOf(of)?.state,
  }
}

/** @param words before the identity */
export const respond = (
  { asTyped, id }: Case,
  action: string,
  words: readonly string[] = [],
  identity = id,
): string => asTyped('respond', action, ...words, identity, '--reason', 'REASON')

export const didText = (response: Response): string => `${responseText(response)} at ${timeText(response.at)}`

export const lastOf = ({ of }: Case, ...actions: readonly string[]): Response | undefined =>
  of.responses.findLast(({ action, isDone }) => isDone && actions.includes(action))

/** Microsoft's states of risk that needs no more work. */
const CLOSED = ['dismissed', 'remediated', 'confirmedSafe']

export const isClosed = ({ of }: Case): boolean => CLOSED.includes(of.risk?.state ?? '')

/** That it was enabled again while at risk, if it was. */
export function undoneTold(on: Case): Told | undefined {
  const again = enabledAgain(on.of)
  return again === undefined || isClosed(on)
    ? undefined
    : finding(`enabled again, seen at ${timeText(again.at)}`)
}

/** Said wherever somebody could think that a removal ends everything. */
export const TOKENS = plainly(
  'Tokens issued before live on: mostly for an hour, up to 24 hours with continuous access evaluation.',
)
