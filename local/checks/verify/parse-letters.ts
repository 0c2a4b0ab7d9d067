import type { Letter } from './evidence.ts'

interface WrittenLetter {
  readonly sink?: string
  readonly blob: string
  readonly line: number
  readonly fault: { readonly code: string }
  readonly firstTriedAt: string
  readonly diedAt: string
}

/** A blob of dead letters: one JSON object a line. */
export const parseLetters = (ndjson: string): readonly Letter[] =>
  ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((text) => {
      const { sink, blob, line, fault, firstTriedAt, diedAt } = JSON.parse(text) as WrittenLetter
      return {
        sink,
        blob,
        line,
        code: fault.code,
        firstTriedAtMs: Date.parse(firstTriedAt),
        diedAtMs: Date.parse(diedAt),
      }
    })
