import type { Encoded } from '../../delivery/sink.ts'
import { slotOf } from '../../domain/event-fields.ts'
import type { ArchivedEvent, FlatEvent } from '../../domain/exported-event.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import type { Span } from '../../encoding/span.ts'
import type { Table } from './column.ts'
import { contextTable } from './context-table.ts'
import { detectionsTable } from './detections-table.ts'
import { healthTable } from './health-table.ts'
import { identitiesTable } from './identities-table.ts'
import { responsesTable } from './responses-table.ts'
import { HEAD_ROOM, ROW_HEAD_BYTES, type RowWriter, rowWriter } from './row-writer.ts'
import { streamOf } from './tables.ts'

/**
 * An event as a row of a custom table, complete except for the time of sending: what follows
 * `rowHead`.
 */
export interface LogRow extends Encoded, Span {
  /** The stream of its table: each has its own transformation, and fails independently. */
  readonly route: string
}

/**
 * Most bytes per cell. The first is the service's own limit of 64 KB, above which it cuts silently
 * ([limits](https://learn.microsoft.com/azure/azure-monitor/service-limits#log-ingestion-api)); the
 * others are tried for rows too large for a request. With the last, every row fits: even control
 * characters take only six bytes each.
 */
const CELL_LIMITS = [65_536, 16_384, 2_048] as const

interface Route {
  readonly write: RowWriter
  readonly route: string
}

const to = (table: Table): Route => ({ write: rowWriter(table), route: streamOf(table.name) })

const ROUTES: Readonly<Record<FlatEvent['kind'], Route>> = {
  riskDetection: to(detectionsTable),
  riskyIdentity: to(identitiesTable),
  identityContext: to(contextTable),
  responseAction: to(responsesTable),
  heartbeat: to(healthTable),
}

/** All streams that rows go to. */
export const STREAMS: readonly string[] = Object.values(ROUTES).map(({ route }) => route)

const ORIGIN = slotOf('origin')
const GRAPH = Buffer.from('"graph"')
const NEWS_MS = 24 * 60 * 60_000

/**
 * Whether an event tells history, of which nobody is to be alerted: a replay, or what Graph was
 * asked for more than a day after it was published. What is late because a sink was down is news.
 */
const isBackfilled = ({ event, position, isReplay }: ArchivedEvent): boolean =>
  isReplay === true || (event.fields.is(ORIGIN, GRAPH) && position.enqueuedAt - event.lastUpdatedAt > NEWS_MS)

/** Writes the row of an event; long cells are cut visibly, so that every event fits `maxBytes`. */
export function logRow(archived: ArchivedEvent, maxBytes: number): LogRow {
  const { event } = archived
  const { write, route } = ROUTES[event.kind]
  const { memory } = event.fields
  memory.literal(HEAD_ROOM)
  const start = memory.length
  const backfilled = isBackfilled(archived)
  for (const maxCellBytes of CELL_LIMITS) {
    write(event.fields, maxCellBytes, backfilled)
    if (ROW_HEAD_BYTES + memory.length - start <= maxBytes)
      return { eventId: event.eventId, route, memory, start, end: memory.length }
    memory.length = start
  }
  throw new InvariantError(`a row of cells of ${CELL_LIMITS.at(-1)} bytes exceeds ${maxBytes} bytes`)
}
