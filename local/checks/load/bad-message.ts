import type { Prng } from '../chaos/prng.ts'
import { malformed, recordText } from '../chaos/records.ts'

const LONG_TEXT_CHARS = 100_000
const DEEP = 200

/** Ways to corrupt a valid message. */
const CORRUPTIONS: readonly [Corruption, ...Corruption[]] = [
  (good, prng) => good.subarray(0, prng.below(good.length)),
  (good, prng) => good.with(prng.below(good.length), prng.below(256)),
  (good) => Buffer.concat([good, good]),
  (good) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good]),
  (good) => Buffer.from(Buffer.from(good).toString(), 'utf16le'),
  (good, _, n) =>
    among(good, `{"category":"ServicePrincipalRiskEvents","properties":${recordText(n).slice(0, -9)}`),
  (good) =>
    among(
      good,
      `{"category":"ServicePrincipalRiskEvents","properties":{"id":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}}`,
    ),
  (good) =>
    among(good, `{"category":"RiskyServicePrincipals","properties":{"id":"${'x'.repeat(LONG_TEXT_CHARS)}"}}`),
  (good) =>
    among(
      good,
      '{"category":"ServicePrincipalRiskEvents","properties":{"id":1,"id":2,"lastUpdatedDateTime":"soon"}}',
    ),
]

type Corruption = (good: Uint8Array, prng: Prng, n: number) => Uint8Array

/** Inserts text between the records of an envelope. */
const among = (good: Uint8Array, text: string): Uint8Array =>
  Buffer.from(Buffer.from(good).toString().replace('{"records":[', `{"records":[${text},`))

/**
 * A message that is malformed in one of many ways: partly or completely, in bytes, structure or
 * fields.
 * @param good a valid envelope
 * @param n distinguishes corrupted records
 */
export const badMessage = (good: Uint8Array, prng: Prng, n: number): Uint8Array =>
  prng.chance(0.5) ? malformed(prng) : prng.pick(CORRUPTIONS)(good, prng, n)

/** Every offset of a text in a body. */
function* offsetsOf(text: string, body: Buffer): Generator<number> {
  for (let at = body.indexOf(text); at !== -1; at = body.indexOf(text, at + text.length)) yield at
}

/**
 * The records of a valid message that are intact in the corrupted one, in order. If the text
 * between them was altered, it is not known what they are, and none counts.
 */
export function survivors(records: readonly string[], good: Uint8Array, bad: Uint8Array): readonly string[] {
  const body = Buffer.from(bad)
  const found = records.flatMap((text) => [...offsetsOf(text, body)].map((at) => ({ at, text })))
  const isAlteredBetween = bad.length === good.length && found.length === records.length
  return isAlteredBetween ? [] : found.sort((a, b) => a.at - b.at).map(({ text }) => text)
}
