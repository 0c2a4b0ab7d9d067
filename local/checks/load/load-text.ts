import type { Latencies, Ratios } from './latencies.ts'
import type { LoadRun } from './load-tally.ts'

const MAX_PROBLEMS = 20

const latency = ({ events, p50, p99 }: Latencies): string =>
  `p50 ${p50} ms, p99 ${p99} ms over ${events} events`
const times = ({ p50, p99 }: Ratios): string => `× ${p50.toFixed(2)}, × ${p99.toFixed(2)}`

/** A run's report for a terminal. */
export function loadText(run: LoadRun): string {
  const { latencies, ratios, calmSpread } = run
  const [low, high] = [0, 1].map((at) => ({ p50: calmSpread.p50[at] ?? 1, p99: calmSpread.p99[at] ?? 1 }))
  return [
    `${run.messagesPerSecond} messages a second of ${run.recordsPerMessage} records each, ${run.seconds} s in all`,
    'Log Analytics, from the hub to the receiver:',
    `  calm            ${latency(latencies.calm)}`,
    ...(low === undefined || high === undefined
      ? []
      : [`                  single normal phases from ${times(low)} to ${times(high)}`]),
    `  webhook down    ${latency(latencies.outage)}: ${times(ratios.outage)}`,
    `  while it drains ${latency(latencies.draining)}: ${times(ratios.draining)}`,
    `  10 % malformed  ${latency(latencies.badInput)}: ${times(ratios.badInput)}`,
    'Drained, while sending went on:',
    ...run.drains.map(
      (d) => `  ${d.pending} pending: ${d.events} events in ${d.seconds} s, ${d.eventsPerSecond} a second`,
    ),
    'Memory of the host, by phase:',
    ...run.phases.map(
      ({ kind, seconds, peakRssMb, liveMb }) =>
        `  ${kind.padEnd(9)} ${String(seconds).padStart(3)} s: resident up to ${peakRssMb} MB, live at its end ${liveMb} MB`,
    ),
    `${run.sent} messages sent, ${run.lost} lost`,
    ...run.problems.slice(0, MAX_PROBLEMS),
  ].join('\n')
}
