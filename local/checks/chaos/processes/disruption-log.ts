import type { Disruption } from '../duplicates/history.ts'

/** Disruptions while processes ran, with their times. */
export interface DisruptionLog {
  readonly disruptions: readonly Disruption[]
  /** Records a disruption that lasts as long as the work. */
  during<T>(what: string, work: () => Promise<T>): Promise<T>
  /** Records a disruption of an instant. */
  strike(what: string): void
}

export function disruptionLog(nowMs: () => number): DisruptionLog {
  const disruptions: Disruption[] = []
  return {
    disruptions,
    async during(what, work) {
      const from = nowMs()
      try {
        return await work()
      } finally {
        disruptions.push({ what, from, to: nowMs() })
      }
    },
    strike(what) {
      disruptions.push({ what, from: nowMs(), to: nowMs() })
    },
  }
}
