import { compareEvents } from '../../domain/latest.ts'
import type { Position } from '../../domain/position.ts'
import type { Identity, RiskDetection, RiskEvent } from '../../domain/risk-event.ts'

export interface PositionedEvent<E extends RiskEvent> {
  readonly event: E
  readonly position: Position
  readonly ordinal: number
}

/** Far more than Microsoft sends of one fact; the newest are kept. */
const MAX_VERSIONS = 32

/** What an identity does not change: unlike whether it is enabled, or deleted. */
function lasting({ displayName, appId, subtype, blueprintId }: Identity): Partial<Identity> {
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(appId === undefined ? {} : { appId }),
    ...(subtype === undefined ? {} : { subtype }),
    ...(blueprintId === undefined ? {} : { blueprintId }),
  }
}

const withType = (older: RiskDetection, { risk }: RiskDetection): RiskDetection['risk'] => {
  const eventType = risk.eventType ?? older.risk.eventType
  return eventType === undefined ? risk : { ...risk, eventType }
}

/** An event with what the one before it says of the same, and it does not. */
function after<E extends RiskEvent>(older: RiskEvent, newer: E): E {
  const identity = { ...lasting(older.identity), ...newer.identity }
  if (older.kind === 'riskyIdentity' || newer.kind === 'riskyIdentity') return { ...newer, identity }
  const { processing: _, lastUpdatedFrom: __, ...found } = older
  return {
    ...found,
    ...newer,
    identity,
    risk: withType(older, newer),
    keyIds: newer.keyIds.length === 0 ? older.keyIds : newer.keyIds,
    additionalInfo: newer.additionalInfo.length === 0 ? older.additionalInfo : newer.additionalInfo,
  }
}

/** The versions of many facts, in whatever order they come. */
export class Versions<E extends RiskEvent> {
  readonly #byKey = new Map<string, PositionedEvent<E>[]>()
  readonly #max: number
  /** Whether there were more keys than it keeps: the later ones are left out. */
  more = false

  /** @param max number of keys */
  constructor(max: number) {
    this.#max = max
  }

  add(key: string, placed: PositionedEvent<E>): void {
    const known = this.#byKey.get(key)
    if (known === undefined) {
      if (this.#byKey.size < this.#max) this.#byKey.set(key, [placed])
      else this.more = true
      return
    }
    known.push(placed)
    if (known.length > MAX_VERSIONS) known.sort(compareEvents).shift()
  }

  /** Each fact at its latest version, whole. */
  newestFirst(): readonly E[] {
    const latest = [...this.#byKey.values()].map((versions) => {
      const sorted = versions.toSorted(compareEvents)
      const event = sorted.map((placed) => placed.event).reduce((older, newer) => after(older, newer))
      return { ...(sorted.at(-1) as PositionedEvent<E>), event }
    })
    return latest.sort((a, b) => compareEvents(b, a)).map(({ event }) => event)
  }
}
