import type { Upset } from '../duplicates/story.ts'

/** What struck while processes ran, and when. */
export interface UpsetLog {
  readonly upsets: readonly Upset[]
  /** Notes something that lasts as long as the work. */
  during<T>(what: string, work: () => Promise<T>): Promise<T>
  /** Notes something of an instant. */
  strike(what: string): void
}

export function upsetLog(nowMs: () => number): UpsetLog {
  const upsets: Upset[] = []
  return {
    upsets,
    async during(what, work) {
      const from = nowMs()
      try {
        return await work()
      } finally {
        upsets.push({ what, from, to: nowMs() })
      }
    },
    strike(what) {
      upsets.push({ what, from: nowMs(), to: nowMs() })
    },
  }
}
