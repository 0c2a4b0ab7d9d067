import type { Output } from '../surroundings.ts'

/** A line that is written over while a person is looking. */
export interface Progress {
  show(text: string): void
  done(): void
}

/** Progress on a terminal; nothing where nobody is looking. */
export function progressOn(output: Output): Progress {
  let width = 0
  return {
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
