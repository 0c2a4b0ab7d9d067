import type { SinkTally } from '../domain/tally.ts'
import type { ChunkSummary, DrainSummary, Problem, SinkSummary, Telemetry } from './telemetry.ts'

export type LogLevel = 'information' | 'warning' | 'error'

/** Writes one line; `level` decides whether anybody is woken by it. */
export type WriteLog = (level: LogLevel, line: string) => void

const MEANING: Readonly<Record<Problem, string>> = {
  settledNotRead:
    'Reading a settled range failed; duplicates are possible. Check the table "settled" of the host storage account.',
  settledNotWritten:
    'Writing a settled range failed; duplicates are possible after a restart. Check the table "settled" of the host storage account.',
  wakeUpLost:
    'Sending a wake-up failed; the next sweep sends it. Check the queue "outbox-wake-up" of the host storage account.',
  receiptNotWritten:
    'Writing a receipt failed; the delivery is not affected, its receipt is missing. Check the container "receipts" of the archive account.',
  messageIsolated:
    'A message met a defect of this program and was set aside as a dead letter (internalFault). Please report it.',
  messageWithoutPosition:
    'A message came without a readable position in its partition; it is kept under v1/without-position in the container "deadletters". Please report it.',
  sinkDefect: 'Redelivery met a defect of this program; pending events stay pending. Please report it.',
  outboxPartitionUnknown:
    'A wake-up message names no outbox partition and was dropped; nothing is pending because of it.',
  rowUnreadable:
    'A row of the outbox points at archive lines that cannot be read; it delays no other row and becomes a dead letter at the age limit.',
  rowsSetAside:
    'Rows of the outbox cannot be read and were set aside: see the table "outbox", row keys that begin with "~".',
  heartbeatNotSent: 'Sending a heartbeat failed. Check that the app may send to the event hub.',
}

/** Troubles that do not pass by themselves. */
const DEFECTS: readonly Problem[] = ['messageIsolated', 'messageWithoutPosition', 'sinkDefect']

const nonZero = (tally: SinkTally): string =>
  Object.entries(tally)
    .filter(([, count]) => count > 0)
    .map(([end, count]) => `${end}=${count}`)
    .join(' ') || 'nothing'

const sinkText = ({ sink, tally, tookMs, stoppedBy }: SinkSummary): string =>
  `${sink} ${nonZero(tally)} in ${Math.round(tookMs)} ms${stoppedBy === undefined ? '' : ` (${stoppedBy})`}`

const faultText = (s: ChunkSummary): string =>
  s.faults.size === 0 ? '' : ` [${[...s.faults].map(([code, count]) => `${code} ${count}`).join(', ')}]`

const hasProblem = (sinks: readonly SinkSummary[]): boolean =>
  sinks.some(({ tally, stoppedBy }) => tally.deadLettered > 0 || stoppedBy !== undefined)

/** Name and message of an error of ours or of an SDK; SDK messages hold no record content. */
const causeText = (cause: unknown): string => {
  if (cause === undefined) return ''
  return cause instanceof Error
    ? ` ${cause.name}: ${(cause.message.split('\n')[0] ?? '').slice(0, 300)}`
    : ` ${typeof cause}`
}

/** Telemetry as log lines: one per batch, quiet otherwise. */
export const logTelemetry = (write: WriteLog): Telemetry => ({
  chunkSettled(s) {
    const { records, events, faults, skipped } = s.tally
    write(
      faults > 0 || hasProblem(s.sinks) ? 'warning' : 'information',
      `Settled p=${s.partition} ${s.firstSequenceNumber}-${s.lastSequenceNumber}: messages=${s.messages} records=${records} ` +
        `events=${events} faults=${faults}${faultText(s)} skipped=${skipped}${s.archivedBefore ? ' (run again)' : ''}; ` +
        `${s.sinks.map(sinkText).join('; ')}; ${Math.round(s.tookMs)} ms, ${Math.round(s.latencyMs)} ms after enqueuing.`,
    )
  },
  partitionDrained(s: DrainSummary) {
    write(
      s.stoppedBy !== undefined || s.deadLettered > 0 ? 'warning' : 'information',
      `Redelivered ${s.sink} p=${s.partition}: delivered=${s.delivered} deadLettered=${s.deadLettered} ` +
        `stillPending=${s.stillPending} in ${Math.round(s.tookMs)} ms${s.stoppedBy === undefined ? '' : ` (${s.stoppedBy})`}.`,
    )
  },
  // Lines are for batches and drains: what is on its way or pending is in the summaries, `status`
  // and the heartbeat.
  delivered: () => undefined,
  pendingAtSinks: () => undefined,
  problem(problem, cause) {
    write(DEFECTS.includes(problem) ? 'error' : 'warning', `${MEANING[problem]}${causeText(cause)}`)
  },
})
