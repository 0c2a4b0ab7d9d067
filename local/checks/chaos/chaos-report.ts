import { addCauses, CAUSES, NO_DUPLICATES } from './duplicates/causes.ts'
import type { ExplainedOutcomes, ExplainedVerdict } from './duplicates/explain-run.ts'

/** Results common to both layers, of one or more runs. */
export interface ChaosTotal extends ExplainedVerdict {
  readonly sent: number
  readonly kills: number
  readonly faultsInjected: number
  readonly maxPendingAgeMs: number
}

export const NOTHING_YET: ChaosTotal = {
  sent: 0,
  records: 0,
  archived: 0,
  lost: 0,
  kills: 0,
  faultsInjected: 0,
  maxPendingAgeMs: 0,
  sinks: new Map(),
  problems: [],
}

const NO_OUTCOMES: ExplainedOutcomes = {
  delivered: 0,
  duplicates: 0,
  deadLettered: 0,
  duplicatesBy: NO_DUPLICATES,
}

/** Adds up two runs. */
export function addRuns(a: ChaosTotal, b: ChaosTotal): ChaosTotal {
  const names = new Set([...a.sinks.keys(), ...b.sinks.keys()])
  const sinks = [...names].map((name): [string, ExplainedOutcomes] => {
    const [x, y] = [a.sinks.get(name) ?? NO_OUTCOMES, b.sinks.get(name) ?? NO_OUTCOMES]
    const end = {
      delivered: x.delivered + y.delivered,
      duplicates: x.duplicates + y.duplicates,
      deadLettered: x.deadLettered + y.deadLettered,
      duplicatesBy: addCauses(x.duplicatesBy, y.duplicatesBy),
    }
    return [name, end]
  })
  return {
    sent: a.sent + b.sent,
    records: a.records + b.records,
    archived: a.archived + b.archived,
    lost: a.lost + b.lost,
    kills: a.kills + b.kills,
    faultsInjected: a.faultsInjected + b.faultsInjected,
    maxPendingAgeMs: Math.max(a.maxPendingAgeMs, b.maxPendingAgeMs),
    sinks: new Map(sinks),
    problems: [...a.problems, ...b.problems],
  }
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10

const figures = ({
  sent,
  records,
  archived,
  lost,
  kills,
  faultsInjected,
  sinks,
  maxPendingAgeMs,
}: ChaosTotal) => ({
  sent,
  records,
  archived,
  lost,
  kills,
  faultsInjected,
  sinks: Object.fromEntries(sinks),
  maxPendingAgeSeconds: seconds(maxPendingAgeMs),
})

/**
 * Messages and events of both layers; ages only of the process layer, since the model has its own
 * clock.
 */
export interface ChaosReport {
  readonly seed: number
  readonly modelRuns: number
  readonly model: ChaosTotal
  readonly processes: ChaosTotal
}

export const reportJson = ({ seed, modelRuns, model, processes }: ChaosReport): string =>
  JSON.stringify({
    seed,
    ...figures({ ...addRuns(model, processes), maxPendingAgeMs: processes.maxPendingAgeMs }),
    layers: { model: { runs: modelRuns, ...figures(model) }, processes: figures(processes) },
    problems: [...model.problems, ...processes.problems].slice(0, 20),
  })

/** A line below the sink's, aligned with its figures. */
const causesText = (sink: string, { duplicatesBy }: ExplainedOutcomes): string =>
  `${' '.repeat(sink.length + 4)}duplicates by cause: ${CAUSES.map((cause) => `${duplicatesBy[cause]} ${cause}`).join(', ')}`

export function reportText({ seed, modelRuns, model, processes }: ChaosReport): string {
  const layer = (name: string, total: ChaosTotal): readonly string[] => [
    `${name}: ${total.sent} messages of ${total.records} records sent, ${total.archived} in the archive, ${total.lost} lost; ${total.kills} kills, ${total.faultsInjected} faults`,
    ...[...total.sinks].flatMap(([sink, end]) => [
      `  ${sink}: ${end.delivered} events, ${end.duplicates} duplicates, ${end.deadLettered} dead letters`,
      causesText(sink, end),
    ]),
  ]
  return [
    `seed ${seed}`,
    ...layer(`model, ${modelRuns} runs`, model),
    ...layer('processes', processes),
    `  oldest pending delivery: ${seconds(processes.maxPendingAgeMs)} s`,
    ...[...model.problems, ...processes.problems].slice(0, 20),
  ].join('\n')
}
