import type { Instant } from '../../domain/identifiers.ts'
import type { PrincipalContext } from '../../domain/identity-context.ts'
import type { Investigation } from './investigation.ts'
import { knownIn } from './sections.ts'

/** Whether it can sign in. */
export type AccountState = 'enabled' | 'disabled' | 'disabledByMicrosoft' | 'deleted'

export interface Account {
  readonly state: AccountState
  readonly at: Instant
}

const ofFlags = (deleted: boolean | undefined, enabled: boolean | undefined): AccountState | undefined =>
  deleted === true ? 'deleted' : enabled === undefined ? undefined : enabled ? 'enabled' : 'disabled'

function ofPrincipal(principal: PrincipalContext | undefined): AccountState | undefined {
  if (principal === undefined) return undefined
  if (principal.presence === 'notFound') return 'deleted'
  return principal.disabledByMicrosoftStatus === undefined
    ? ofFlags(undefined, principal.enabled)
    : 'disabledByMicrosoft'
}

const BY_ACTION: Readonly<Record<string, AccountState>> = { disable: 'disabled', enable: 'enabled' }

/** What records, contexts and actions said of the account, oldest first. */
export function accountHistory({ states, contexts, responses }: Investigation): readonly Account[] {
  const told: readonly { readonly at: Instant; readonly state: AccountState | undefined }[] = [
    ...states.map(({ identity: { deleted, enabled }, lastUpdatedAt: at }) => ({
      at,
      state: ofFlags(deleted, enabled),
    })),
    ...contexts.map(({ at, sections }) => ({ at, state: ofPrincipal(knownIn(sections.principal)) })),
    ...responses.map(({ at, action, isDone }) => ({ at, state: isDone ? BY_ACTION[action] : undefined })),
  ]
  return told
    .flatMap(({ at, state }) => (state === undefined ? [] : [{ at, state }]))
    .sort((a, b) => a.at - b.at)
}

/** What was said of the account last. */
export const accountOf = (of: Investigation): Account | undefined => accountHistory(of).at(-1)

/** When it was last enabled although it had been disabled. */
export function enabledAgain(of: Investigation): Account | undefined {
  const history = accountHistory(of)
  const last = history.at(-1)
  if (last?.state !== 'enabled') return undefined
  const off = history.findLastIndex(({ state }) => state === 'disabled')
  return off === -1 ? undefined : history[off + 1]
}
