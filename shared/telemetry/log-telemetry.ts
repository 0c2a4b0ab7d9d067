import type { SinkTally } from '../domain/tally.ts'
import { DEFECTS, PROBLEM_LINES } from './problem-lines.ts'
import type { ChunkSummary, DrainSummary, SinkSummary, Telemetry } from './telemetry.ts'

export type LogLevel = 'information' | 'warning' | 'error'

/** Writes one line; `level` decides whether it alerts anyone. */
export type WriteLog = (level: LogLevel, line: string) => void

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

/** Name and message of our own or an SDK's error; SDK messages hold no record content. */
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
  // Only batches and drains are logged: the summaries, `status` and the heartbeat show what is
  // pending or on its way.
  delivered: () => undefined,
  pendingAtSinks: () => undefined,
  reconciled(s) {
    write(
      s.onlyInGraph > 0 ? 'warning' : 'information',
      `Compared with Microsoft Graph: inBoth=${s.inBoth} onlyInStream=${s.onlyInStream} onlyInGraph=${s.onlyInGraph} ` +
        `enrichedInGraph=${s.enrichedInGraph} sent=${s.sent}; stream lost ${s.streamLossPerMille} of 1,000, at most ${s.streamLagSeconds} s behind.`,
    )
  },
  graphUnread: (collection, why) => write('warning', `Microsoft Graph: ${collection} cannot be read. ${why}`),
  contextsRead({ read, leftOut, givenUp, waiting }) {
    write(
      givenUp > 0 ? 'warning' : 'information',
      `Read the context of identities at risk: read=${read} leftOut=${leftOut} givenUp=${givenUp} stillWaiting=${waiting}.`,
    )
  },
  contextsNotRequested: (identities, cause) =>
    write(
      'warning',
      `Requesting the context of ${identities} identities at risk failed; the next event of each asks again, and so does the comparison with Microsoft Graph. Check the table "contexts" of the host storage account.${causeText(cause)}`,
    ),
  sealed({ blobs, commits, size }) {
    if (commits > 0)
      write('information', `Sealed the archive: blobs=${blobs} commits=${commits} size=${size}.`)
  },
  problem(problem, cause) {
    write(DEFECTS.includes(problem) ? 'error' : 'warning', `${PROBLEM_LINES[problem]}${causeText(cause)}`)
  },
})
