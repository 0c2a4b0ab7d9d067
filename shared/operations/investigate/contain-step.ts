import type { AccountState } from './account.ts'
import { isAgent, latestContext } from './investigation.ts'
import {
  type Case,
  didText,
  isClosed,
  lastOf,
  respond,
  rest,
  type Step,
  TOKENS,
  undoneTold,
} from './remediation-case.ts'
import { good, plainly, type Told } from './told.ts'

const OFF: Readonly<Record<Exclude<AccountState, 'enabled'>, readonly Told[]>> = {
  deleted: [
    good('Deleted: it gets no new token.'),
    plainly('It can be restored for 30 days: watch for that.'),
  ],
  disabledByMicrosoft: [
    good('Disabled by Microsoft: it gets no new token. Such an application cannot be deleted.'),
  ],
  disabled: [good('Disabled: it gets no new token.')],
}

const OUTAGE = plainly('Disabling stops new tokens at once, and whatever depends on them: weigh the outage.')
const CONFIRMING = plainly(
  'Conditional Access blocks it at its risk level: confirming it as compromised makes the level high.',
)
const OVER = good('It is no longer at risk.')
const BLUEPRINT = plainly(
  'Other agents of its blueprint may be concerned: disabling the blueprint stops all of them.',
)

/** Stops it from getting tokens. */
export function contain(on: Case): Step {
  const { of, account, id } = on
  const isBlocked = latestContext(of)?.sections.conditionalAccess.coverage === 'blocked'
  const [disabled, confirmed] = [lastOf(on, 'disable'), lastOf(on, 'confirm-compromised')]
  const undone = undoneTold(on)
  const isOff = account !== undefined && account !== 'enabled'
  const isContained = isOff || isClosed(on) || (isBlocked && confirmed !== undefined)
  const isFinal = account === 'deleted' || account === 'disabledByMicrosoft'
  return {
    id: 'contain',
    title: 'Contain',
    state: undone !== undefined ? 'attention' : isContained ? 'done' : 'open',
    lines: [
      ...(undone === undefined ? [] : [undone]),
      ...[confirmed, disabled].flatMap((done) => (done === undefined ? [] : [good(didText(done))])),
      ...(isOff ? OFF[account] : isClosed(on) ? [OVER] : [isBlocked ? CONFIRMING : OUTAGE]),
      TOKENS,
      ...(isAgent(of) ? [BLUEPRINT] : []),
    ],
    commands:
      account === 'deleted'
        ? [rest('get', `directory/deletedItems/${id}`)]
        : [
            respond(on, 'confirm-compromised'),
            ...(isFinal ? [] : [respond(on, 'disable')]),
            ...(isAgent(of) && !isFinal ? [respond(on, 'disable', [], on.appId)] : []),
          ],
    hunts: [],
  }
}
