import type { Output } from '../command-context.ts'

/** A line that is updated in place on a terminal. */
export interface Progress {
  /** Whether it is visible; totals that cost something are only worth it then. */
  readonly isShown: boolean
  show(text: string): void
  done(): void
}

/** Progress on a terminal; otherwise prints nothing. */
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

/** Progress such as `12 of 80 archive blobs (15 %)`; the total may be unknown. */
export function soFar(done: number, total: number | undefined, what: string): string {
  if (total === undefined) return `${done} ${what}`
  // More may have arrived since the total was counted.
  const all = Math.max(done, total)
  return `${done} of ${all} ${what} (${all === 0 ? 100 : Math.floor((done / all) * 100)} %)`
}
