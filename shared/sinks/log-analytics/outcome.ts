import { type DeliveryOutcome, failed, type SentRequest } from '../../delivery/sink.ts'
import type { Fault } from '../../domain/fault.ts'
import type { EventId } from '../../domain/identifiers.ts'
import type { LogRow } from './log-row.ts'
import type { StreamRows } from './request.ts'

/** The outcome of the request for one stream. */
export interface StreamResult extends StreamRows {
  readonly fault: Fault | undefined
  readonly request: SentRequest | undefined
}

const idOf = ({ eventId }: LogRow): EventId => eventId

/** Combines requests into one outcome: failed if all failed alike, partial if streams differ. */
export function outcomeOf(results: readonly StreamResult[]): DeliveryOutcome {
  const [first] = results
  const requests = results.flatMap(({ request, rows }) =>
    request === undefined ? [] : [{ ...request, eventIds: rows.map(idOf) }],
  )
  const faults = results.flatMap(({ rows, fault }) =>
    fault === undefined ? [] : rows.map(({ eventId }) => [eventId, fault] as const),
  )
  if (first?.fault === undefined && faults.length === 0) return { status: 'delivered', requests }
  const { fault } = first ?? {}
  const alike = results.every(
    (result) => result.fault?.code === fault?.code && result.fault?.scope === fault?.scope,
  )
  return fault !== undefined && alike
    ? { ...failed(fault), requests }
    : { status: 'partial', failed: new Map(faults), requests }
}
