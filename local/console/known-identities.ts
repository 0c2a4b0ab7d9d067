import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { compareEvents } from '../../shared/domain/latest.ts'
import type { RiskEvent } from '../../shared/domain/risk-event.ts'
import { BoundedMap } from './bounded-map.ts'
import { isOpen, riskRank } from './risk-level.ts'
import { shortText } from './short-text.ts'
import type { IdentityState } from './stack-state.ts'

const MAX_IDENTITIES = 2_000

/** A risk event and its position, by which events are ordered. */
export type PositionedRiskEvent = Pick<ArchivedEvent, 'position' | 'ordinal'> & { readonly event: RiskEvent }

/** What is kept of an event, which itself may be large. */
interface Known {
  readonly orderedBy: Parameters<typeof compareEvents>[0]
  readonly state: IdentityState
}

/** The latest state of each identity. Entra's own state takes precedence over detections. */
export class KnownIdentities {
  readonly #latest = new BoundedMap<string, Known>(MAX_IDENTITIES)

  add({ event, position, ordinal }: PositionedRiskEvent): void {
    const state = identityState(event)
    const candidate: Known = {
      state,
      orderedBy: { position, ordinal, event: { lastUpdatedAt: event.lastUpdatedAt } },
    }
    const key = `${state.identityType} ${state.id}`
    const known = this.#latest.get(key)
    if (known === undefined || supersedes(candidate, known)) this.#latest.set(key, candidate)
  }

  /** Open risks first, then by level, then the latest. */
  states(): readonly IdentityState[] {
    return this.#latest
      .values()
      .map(({ state }) => state)
      .sort(
        (a, b) =>
          Number(isOpen(b.riskState)) - Number(isOpen(a.riskState)) ||
          riskRank(a.riskLevel) - riskRank(b.riskLevel) ||
          b.lastUpdatedAt - a.lastUpdatedAt ||
          (a.id < b.id ? -1 : 1),
      )
  }
}

function supersedes(candidate: Known, known: Known): boolean {
  if (candidate.state.source !== known.state.source) return candidate.state.source === 'riskyIdentity'
  return compareEvents(candidate.orderedBy, known.orderedBy) > 0
}

function identityState({ kind, identity, risk, lastUpdatedAt }: RiskEvent): IdentityState {
  return {
    identityType: identity.type,
    id: shortText(identity.id),
    lastUpdatedAt,
    source: kind,
    ...(identity.displayName === undefined ? {} : { displayName: shortText(identity.displayName) }),
    ...(identity.enabled === undefined ? {} : { enabled: identity.enabled }),
    ...(risk.level === undefined ? {} : { riskLevel: shortText(risk.level) }),
    ...(risk.state === undefined ? {} : { riskState: shortText(risk.state) }),
  }
}
