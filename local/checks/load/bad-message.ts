import type { Prng } from '../chaos/prng.ts'
import { malformed, recordText } from '../chaos/records.ts'

const LONG_TEXT_CHARS = 100_000
const DEEP = 200

/** Ways in which a good message goes bad. */
const SPOIL: readonly [Spoil, ...Spoil[]] = [
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

type Spoil = (good: Uint8Array, prng: Prng, n: number) => Uint8Array

/** Puts something between the records of an envelope. */
const among = (good: Uint8Array, text: string): Uint8Array =>
  Buffer.from(Buffer.from(good).toString().replace('{"records":[', `{"records":[${text},`))

/**
 * A message that is wrong in one of many ways: in part or as a whole, in its bytes, its form or its
 * fields.
 * @param good an envelope, to be spoilt
 * @param n tells one spoilt record from another
 */
export const badMessage = (good: Uint8Array, prng: Prng, n: number): Uint8Array =>
  prng.chance(0.5) ? malformed(prng) : prng.pick(SPOIL)(good, prng, n)

/** Where a body has a text, each time that it does. */
function* placesOf(text: string, body: Buffer): Generator<number> {
  for (let at = body.indexOf(text); at !== -1; at = body.indexOf(text, at + text.length)) yield at
}

/**
 * The records of a good message that are still whole in what became of it, in their order there.
 * What stands between records says what they are: where that was altered, nobody knows.
 */
export function survivors(records: readonly string[], good: Uint8Array, bad: Uint8Array): readonly string[] {
  const body = Buffer.from(bad)
  const found = records.flatMap((text) => [...placesOf(text, body)].map((at) => ({ at, text })))
  const isAlteredBetween = bad.length === good.length && found.length === records.length
  return isAlteredBetween ? [] : found.sort((a, b) => a.at - b.at).map(({ text }) => text)
}
