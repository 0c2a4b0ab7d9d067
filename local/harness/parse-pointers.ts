import type { Pointer } from './evidence.ts'

interface WrittenLetter {
  readonly sink?: string
  readonly blob: string
  readonly line: number
}

/** The pointers of a blob of dead letters, which this program wrote: one JSON object a line. */
export const parsePointers = (text: string): readonly Pointer[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { sink, blob, line: number } = JSON.parse(line) as WrittenLetter
      return { sink, blob, line: number }
    })
