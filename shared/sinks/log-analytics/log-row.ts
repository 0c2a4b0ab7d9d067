import type { Encoded } from '../../delivery/sink.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { Heartbeat } from '../../domain/heartbeat.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import type { RiskDetection, RiskyIdentity } from '../../domain/risk-event.ts'
import { utf8 } from '../../encoding/utf8-slab.ts'
import type { Archived } from './column.ts'
import { detectionsTable } from './detections-table.ts'
import { healthTable } from './health-table.ts'
import { identitiesTable } from './identities-table.ts'
import { ROW_HEAD_BYTES, rowWriter } from './row-writer.ts'
import { streamOf } from './tables.ts'

/** An event as a row of a custom table, complete except for the time of sending. */
export interface LogRow extends Encoded {
  /** The stream of its table: each has its own transformation, and fails independently. */
  readonly route: string
  /** What follows `rowHead`, in UTF-8. */
  readonly tail: Buffer
}

/**
 * Most bytes per cell. The first is the service's own limit of 64 KB, above which it cuts silently
 * ([limits](https://learn.microsoft.com/azure/azure-monitor/service-limits#log-ingestion-api)); the
 * others are tried for rows too large for a request. With the last, every row fits: even control
 * characters take only six bytes each.
 */
const CELL_LIMITS = [65_536, 16_384, 2_048] as const

const writeDetection = rowWriter(detectionsTable)
const writeIdentity = rowWriter(identitiesTable)
const writeHeartbeat = rowWriter(healthTable)

const DETECTIONS = streamOf(detectionsTable.name)
const IDENTITIES = streamOf(identitiesTable.name)
const HEALTH = streamOf(healthTable.name)

/** All streams that rows go to. */
export const STREAMS: readonly string[] = [DETECTIONS, IDENTITIES, HEALTH]

function tailOf(archived: ArchivedEvent, maxCellBytes: number): string {
  switch (archived.event.kind) {
    case 'riskDetection':
      return writeDetection(archived as Archived<RiskDetection>, maxCellBytes)
    case 'riskyIdentity':
      return writeIdentity(archived as Archived<RiskyIdentity>, maxCellBytes)
    case 'heartbeat':
      return writeHeartbeat(archived as Archived<Heartbeat>, maxCellBytes)
  }
}

function streamFor(kind: ArchivedEvent['event']['kind']): string {
  switch (kind) {
    case 'riskDetection':
      return DETECTIONS
    case 'riskyIdentity':
      return IDENTITIES
    case 'heartbeat':
      return HEALTH
  }
}

/** Writes the row of an event; long cells are cut visibly, so that every event fits `maxBytes`. */
export function logRow(archived: ArchivedEvent, maxBytes: number): LogRow {
  for (const maxCellBytes of CELL_LIMITS) {
    const tail = utf8(tailOf(archived, maxCellBytes))
    if (ROW_HEAD_BYTES + tail.length <= maxBytes) {
      return { eventId: archived.event.eventId, route: streamFor(archived.event.kind), tail }
    }
  }
  throw new InvariantError(`a row of cells of ${CELL_LIMITS.at(-1)} bytes exceeds ${maxBytes} bytes`)
}
