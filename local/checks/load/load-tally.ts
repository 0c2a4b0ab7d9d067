import { type Latencies, latenciesOf, type Ratios, ratiosTo, spreadOf } from './latencies.ts'
import { PHASE_KINDS, type PhaseKind } from './load-plan.ts'
import type { Phase } from './phase.ts'
import { RECORDS_PER_MESSAGE } from './steady-feed.ts'
import type { VerifiedPart } from './verified-part.ts'

/** The backlog's delivery to the sink after its outage, while sending continued. */
export interface Drain {
  readonly pending: number
  /** Events taken until nothing was pending. */
  readonly events: number
  /** From the first to the last of them. */
  readonly seconds: number
  readonly eventsPerSecond: number
}

/** A phase as seen at the healthy sink and in the process. */
export interface PhaseReport extends Latencies {
  readonly kind: PhaseKind
  readonly seconds: number
  readonly peakRssMb: number
  readonly liveMb: number
}

/** Latencies are those of the healthy sink, over all phases of a kind. */
export interface LoadRun {
  readonly messagesPerSecond: number
  readonly recordsPerMessage: number
  readonly seconds: number
  readonly latencies: Readonly<Record<PhaseKind, Latencies>>
  /** Relative to all calm phases. */
  readonly ratios: Readonly<Record<Exclude<PhaseKind, 'calm' | 'warmUp'>, Ratios>>
  /** Single calm phases relative to all of them: the variation by chance. */
  readonly calmSpread: ReturnType<typeof spreadOf>
  readonly drains: readonly Drain[]
  readonly phases: readonly PhaseReport[]
  readonly sent: number
  readonly lost: number
  readonly problems: readonly string[]
}

/** Adds up a run, part by part. */
export class LoadTally {
  readonly #storedAtMs: ReadonlyMap<string, number>
  readonly #waitsMs = new Map<PhaseKind, number[]>(PHASE_KINDS.map((kind) => [kind, []]))
  readonly #phases: PhaseReport[] = []
  readonly #drains: Drain[] = []
  readonly #problems: string[] = []
  #lost = 0

  /** @param storedAtMs when each event first reached the healthy sink */
  constructor(storedAtMs: ReadonlyMap<string, number>) {
    this.#storedAtMs = storedAtMs
  }

  drained(drain: Drain): void {
    this.#drains.push(drain)
  }

  add(phases: readonly Phase[], { verdict, arrivals }: VerifiedPart): void {
    for (const { kind, fromMs, toMs, peakRssMb, liveMb } of phases) {
      const waitsMs = arrivals
        .filter(({ enqueuedAtMs }) => enqueuedAtMs >= fromMs && enqueuedAtMs < toMs)
        .flatMap(({ eventId, enqueuedAtMs }) => {
          const storedAtMs = this.#storedAtMs.get(eventId)
          return storedAtMs === undefined ? [] : [storedAtMs - enqueuedAtMs]
        })
      for (const waitMs of waitsMs) this.#waitsMs.get(kind)?.push(waitMs)
      const seconds = Math.round((toMs - fromMs) / 1000)
      this.#phases.push({ kind, seconds, ...latenciesOf(waitsMs), peakRssMb, liveMb })
    }
    this.#lost += verdict.lost
    const where = phases.map(({ kind }) => kind).join(', ')
    this.#problems.push(...verdict.problems.map((problem) => `${where}: ${problem}`))
  }

  result(run: Pick<LoadRun, 'messagesPerSecond' | 'seconds' | 'sent'>): LoadRun {
    const of = (kind: PhaseKind): Latencies => latenciesOf(this.#waitsMs.get(kind) ?? [])
    const [warmUp, calm, outage, draining, badInput] = [
      of('warmUp'),
      of('calm'),
      of('outage'),
      of('draining'),
      of('badInput'),
    ]
    const calmAlone = this.#phases.filter(({ kind }) => kind === 'calm')
    return {
      ...run,
      recordsPerMessage: RECORDS_PER_MESSAGE,
      latencies: { warmUp, calm, outage, draining, badInput },
      ratios: {
        outage: ratiosTo(outage, calm),
        draining: ratiosTo(draining, calm),
        badInput: ratiosTo(badInput, calm),
      },
      calmSpread: spreadOf(calmAlone.map((phase) => ratiosTo(phase, calm))),
      drains: this.#drains,
      phases: this.#phases,
      lost: this.#lost,
      problems: this.#problems,
    }
  }
}
