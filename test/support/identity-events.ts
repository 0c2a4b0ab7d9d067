import { instant } from '../../shared/domain/identifiers.ts'
import type { ContextSections, IdentityContext } from '../../shared/domain/identity-context.ts'
import type { ResponseAction } from '../../shared/domain/response-action.ts'
import {
  type IdentityEvent,
  type Investigation,
  investigationOf,
} from '../../shared/operations/investigate/investigation.ts'
import { detection } from './archived-events.ts'

const { eventId, factKey, tenantId, identity, risk } = detection('own')

/** An instant some minutes after ten o'clock on 1 March 2026. */
export const minute = (minutes: number) => instant(Date.UTC(2026, 2, 1, 10) + minutes * 60_000)

/** A context read at some minute. */
export const contextEvent = (
  at: number,
  context: Partial<ContextSections>,
  changes: Partial<IdentityContext> = {},
): IdentityContext => ({
  kind: 'identityContext',
  eventId: `${eventId}context${at}` as never,
  factKey,
  tenantId,
  identity,
  risk,
  origin: 'exporter',
  category: 'RiskExport.IdentityContext',
  lastUpdatedAt: minute(at),
  context,
  ...changes,
})

/** An action taken at some minute. */
export const responseEvent = (
  at: number,
  response: ResponseAction['response'],
  changes: Partial<ResponseAction> = {},
): ResponseAction => ({
  kind: 'responseAction',
  eventId: `${eventId}response${at}` as never,
  factKey,
  tenantId,
  identity,
  risk,
  origin: 'operator',
  category: 'RiskExport.ResponseAction',
  lastUpdatedAt: minute(at),
  response: { result: 'done', ...response },
  ...changes,
})

/** The investigation of events that arrived in this order. */
export const investigated = (...events: readonly [IdentityEvent, ...IdentityEvent[]]): Investigation =>
  investigationOf(
    events[0].identity.id,
    events.map((event, i) => ({
      event,
      ordinal: 0,
      position: {
        namespace: 'n',
        hub: 'h',
        partition: '0',
        sequenceNumber: i,
        offset: String(i),
        enqueuedAt: instant(Date.UTC(2026, 2, 2) + i),
      },
    })),
  )
