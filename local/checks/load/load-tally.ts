import type { JudgedPart } from './judged-part.ts'
import { type Latencies, latenciesOf, type Ratios, ratiosTo, spreadOf } from './latencies.ts'
import { STRETCH_KINDS, type StretchKind } from './load-plan.ts'
import { RECORDS_PER_MESSAGE } from './steady-feed.ts'
import type { Stretch } from './stretch.ts'

/** How what was owed came to the sink, once it was well again and while sending went on. */
export interface Drain {
  readonly owed: number
  /** Taken until nothing was owed any more. */
  readonly events: number
  /** From the first of them to the last. */
  readonly seconds: number
  readonly eventsPerSecond: number
}

/** What a stretch was like for the sink that is always well, and for the process. */
export interface StretchReport extends Latencies {
  readonly kind: StretchKind
  readonly seconds: number
  readonly peakRssMb: number
  readonly liveMb: number
}

/** Latencies are those of the sink that is always well, over all stretches of a kind. */
export interface LoadRun {
  readonly messagesPerSecond: number
  readonly recordsPerMessage: number
  readonly seconds: number
  readonly latencies: Readonly<Record<StretchKind, Latencies>>
  /** Against all that was calm. */
  readonly ratios: Readonly<Record<Exclude<StretchKind, 'calm' | 'warmUp'>, Ratios>>
  /** Single calm stretches against all that was calm: what chance alone does. */
  readonly calmSpread: ReturnType<typeof spreadOf>
  readonly drains: readonly Drain[]
  readonly stretches: readonly StretchReport[]
  readonly sent: number
  readonly lost: number
  readonly problems: readonly string[]
}

/** Adds up a run, part by part. */
export class LoadTally {
  readonly #storedAtMs: ReadonlyMap<string, number>
  readonly #waitsMs = new Map<StretchKind, number[]>(STRETCH_KINDS.map((kind) => [kind, []]))
  readonly #stretches: StretchReport[] = []
  readonly #drains: Drain[] = []
  readonly #problems: string[] = []
  #lost = 0

  /** @param storedAtMs when each event first reached the sink that is always well */
  constructor(storedAtMs: ReadonlyMap<string, number>) {
    this.#storedAtMs = storedAtMs
  }

  drained(drain: Drain): void {
    this.#drains.push(drain)
  }

  add(stretches: readonly Stretch[], { verdict, landings }: JudgedPart): void {
    for (const { kind, fromMs, toMs, peakRssMb, liveMb } of stretches) {
      const waitsMs = landings
        .filter(({ enqueuedAtMs }) => enqueuedAtMs >= fromMs && enqueuedAtMs < toMs)
        .flatMap(({ eventId, enqueuedAtMs }) => {
          const storedAtMs = this.#storedAtMs.get(eventId)
          return storedAtMs === undefined ? [] : [storedAtMs - enqueuedAtMs]
        })
      for (const waitMs of waitsMs) this.#waitsMs.get(kind)?.push(waitMs)
      const seconds = Math.round((toMs - fromMs) / 1000)
      this.#stretches.push({ kind, seconds, ...latenciesOf(waitsMs), peakRssMb, liveMb })
    }
    this.#lost += verdict.lost
    const where = stretches.map(({ kind }) => kind).join(', ')
    this.#problems.push(...verdict.problems.map((problem) => `${where}: ${problem}`))
  }

  result(run: Pick<LoadRun, 'messagesPerSecond' | 'seconds' | 'sent'>): LoadRun {
    const of = (kind: StretchKind): Latencies => latenciesOf(this.#waitsMs.get(kind) ?? [])
    const [warmUp, calm, outage, draining, badInput] = [
      of('warmUp'),
      of('calm'),
      of('outage'),
      of('draining'),
      of('badInput'),
    ]
    const calmAlone = this.#stretches.filter(({ kind }) => kind === 'calm')
    return {
      ...run,
      recordsPerMessage: RECORDS_PER_MESSAGE,
      latencies: { warmUp, calm, outage, draining, badInput },
      ratios: {
        outage: ratiosTo(outage, calm),
        draining: ratiosTo(draining, calm),
        badInput: ratiosTo(badInput, calm),
      },
      calmSpread: spreadOf(calmAlone.map((stretch) => ratiosTo(stretch, calm))),
      drains: this.#drains,
      stretches: this.#stretches,
      lost: this.#lost,
      problems: this.#problems,
    }
  }
}
