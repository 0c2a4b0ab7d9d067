import type { Output } from '../surroundings.ts'

/** A line that is written over while a person is looking. */
export interface Progress {
  /** Whether anybody sees it: totals that cost something are worth it only then. */
  readonly isShown: boolean
  show(text: string): void
  done(): void
}

/** Progress on a terminal; nothing where nobody is looking. */
export function progressOn(output: Output): Progress {
  let width = 0
  return {
    isShown: output.isTerminal,
    show(text) {
      if (!output.isTerminal) return
      output.write(`\r${text.padEnd(width)}`)
      width = text.length
    },
    done() {
      if (width > 0) output.write(`\r${' '.repeat(width)}\r`)
      width = 0
    },
  }
}

/** How far it has come, as `12 of 80 archive blobs (15 %)`; the total may be unknown. */
export function soFar(done: number, total: number | undefined, what: string): string {
  if (total === undefined) return `${done} ${what}`
  // What has come since it was counted.
  const all = Math.max(done, total)
  return `${done} of ${all} ${what} (${all === 0 ? 100 : Math.floor((done / all) * 100)} %)`
}
