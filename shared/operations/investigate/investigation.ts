import { type Instant, instant } from '../../domain/identifiers.ts'
import type { ContextSections, IdentityContext } from '../../domain/identity-context.ts'
import { compareEvents } from '../../domain/latest.ts'
import type { Position } from '../../domain/position.ts'
import type { ResponseAction } from '../../domain/response-action.ts'
import type { Identity, Risk, RiskDetection, RiskEvent, RiskyIdentity } from '../../domain/risk-event.ts'
import type { JsonObject } from '../../encoding/json.ts'
import { Versions } from '../report/versions.ts'
import { type Response, responseOf } from './response.ts'
import { sectionsOf } from './sections.ts'

/** An event about an identity. */
export type IdentityEvent = RiskEvent | IdentityContext | ResponseAction

export interface PlacedIdentityEvent {
  readonly event: IdentityEvent
  readonly position: Position
  readonly ordinal: number
}

/** What was read about an identity at one time. */
export interface ReadContext {
  readonly at: Instant
  readonly sections: ContextSections
}

/** All that the archive tells of an identity at risk. Lists are in order of time. */
export interface Investigation {
  readonly identity: Identity
  /** The latest state, of the identity itself or else of its detections. */
  readonly risk: (Risk & { readonly at: Instant }) | undefined
  /** When the first activity that was detected happened, or else when it was detected. */
  readonly began: Instant | undefined
  /** Each at its latest version. */
  readonly detections: readonly RiskDetection[]
  /** All versions. */
  readonly detectionVersions: readonly RiskDetection[]
  readonly states: readonly RiskyIdentity[]
  readonly contexts: readonly ReadContext[]
  readonly responses: readonly Response[]
  /** Key ids that detections name. */
  readonly keyIds: readonly string[]
}

const MAX_DETECTIONS = 1000

export const beganAt = ({ activityAt, detectedAt, lastUpdatedAt }: RiskDetection): Instant =>
  instant(Math.min(activityAt ?? detectedAt ?? lastUpdatedAt, detectedAt ?? lastUpdatedAt))

/** Each event once: it may be archived, and sent, several times. */
function inOrder(events: readonly PlacedIdentityEvent[]): readonly PlacedIdentityEvent[] {
  const seen = new Set<string>()
  return events.toSorted(compareEvents).filter(({ event: { eventId } }) => {
    const isNew = !seen.has(eventId)
    seen.add(eventId)
    return isNew
  })
}

/** Facts that later records may leave out, from the latest that has them. */
function identityOf(ordered: readonly PlacedIdentityEvent[], id: string): Identity {
  const known = ordered.map(({ event }) => event.identity)
  // Context and actions may give another type to what Microsoft calls an agent.
  const ofRisk = ordered.findLast(({ event }) => 'extra' in event)?.event.identity.type
  return Object.assign({}, ...known, { id, type: ofRisk ?? known.at(-1)?.type ?? 'servicePrincipal' })
}

/** @param events at least one, all about one identity */
export function investigationOf(id: string, events: readonly PlacedIdentityEvent[]): Investigation {
  const ordered = inOrder(events)
  const versions = new Versions<RiskDetection>(MAX_DETECTIONS)
  const detectionVersions: RiskDetection[] = []
  const states: RiskyIdentity[] = []
  const contexts: ReadContext[] = []
  const responses: Response[] = []
  for (const { event, ...place } of ordered) {
    switch (event.kind) {
      case 'riskDetection':
        versions.add(event.detectionId, { event, ...place })
        detectionVersions.push(event)
        break
      case 'riskyIdentity':
        states.push(event)
        break
      case 'identityContext':
        contexts.push({
          at: event.lastUpdatedAt,
          sections: sectionsOf(event.context as unknown as JsonObject),
        })
        break
      case 'responseAction':
        responses.push(responseOf(event))
        break
    }
  }
  const detections = versions.newestFirst().toSorted((a, b) => beganAt(a) - beganAt(b))
  const latest = states.at(-1) ?? detectionVersions.at(-1)
  const first = detections[0]
  return {
    identity: identityOf(ordered, id),
    risk: latest === undefined ? undefined : { ...latest.risk, at: latest.lastUpdatedAt },
    began: first === undefined ? undefined : beganAt(first),
    detections,
    detectionVersions,
    states,
    contexts,
    responses,
    keyIds: [...new Set(detections.flatMap(({ keyIds }) => keyIds))],
  }
}

/** Whether it is an agent, or the blueprint of some. */
export const isAgent = ({ identity }: Investigation): boolean => identity.type === 'agent'

/** The latest context; `undefined` if none was read. */
export const latestContext = ({ contexts }: Investigation): ReadContext | undefined => contexts.at(-1)
