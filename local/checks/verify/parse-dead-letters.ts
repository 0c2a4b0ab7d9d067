import type { DeadLetterEvidence } from './evidence.ts'

interface WrittenDeadLetter {
  readonly sink?: string
  readonly blob: string
  readonly line: number
  readonly fault: { readonly code: string }
  readonly firstTriedAt: string
  readonly deadLetteredAt: string
}

/** Parses a dead-letter blob: one JSON object per line. */
export const parseDeadLetterPointers = (ndjson: string): readonly DeadLetterEvidence[] =>
  ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((text) => {
      const { sink, blob, line, fault, firstTriedAt, deadLetteredAt } = JSON.parse(text) as WrittenDeadLetter
      return {
        sink,
        blob,
        line,
        code: fault.code,
        firstTriedAtMs: Date.parse(firstTriedAt),
        deadLetteredAtMs: Date.parse(deadLetteredAt),
      }
    })
