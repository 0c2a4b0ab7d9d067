import fc from 'fast-check'

const SURROGATES = { first: 0xd800, count: 0x800 }

const characterAt = (n: number): string =>
  String.fromCodePoint(n < SURROGATES.first ? n : n + SURROGATES.count)

function numberOf(character: unknown): number {
  const code = typeof character === 'string' ? (character.codePointAt(0) ?? -1) : -1
  const n = code < SURROGATES.first ? code : code - SURROGATES.count
  if (n < 0 || characterAt(n) !== character) throw new Error('Not one character.')
  return n
}

/**
 * Any character of any plane, as a unit of strings: what fast-check calls `binary`, which keeps a
 * table of all 1.1 million characters in every process: a second of work and 140 MB.
 */
export const anyCodePoint = fc
  .integer({ min: 0, max: 0x10ffff - SURROGATES.count })
  .map(characterAt, numberOf)
