import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prng } from '../../local/checks/chaos/prng.ts'
import { recordText } from '../../local/checks/chaos/records.ts'
import { badMessage, survivors } from '../../local/checks/load/bad-message.ts'
import { verify } from '../../local/checks/verify/verify.ts'
import { runEvidence } from '../support/run-evidence.ts'
import { runLength } from '../support/run-length.ts'
import { anyBody, wellFormedBody } from './source-arbitraries.ts'

/** Program and verifier share no code. */
function agree(bodies: readonly Uint8Array[]): void {
  const { problems } = verify(runEvidence(bodies))
  expect(problems, bodies.map((body) => Buffer.from(body).toString('latin1')).join('\n')).toEqual([])
}

describe('program and verifier agree on what becomes of every record', () => {
  it.each([
    ['whose category is a number that no double holds', '[{"Category":1e999}]'],
    ['with two categories, the first of them blank', '[{"category":" ","Category":"SignInLogs"}]'],
    ['that are JSON text in a list', '["{}"]\n'],
    [
      'that are alike, one within a record that is skipped',
      '[{"category":"SignInLogs","a":{}},{},{"a":NaN}]',
    ],
  ])('of records %s', (_, body) => {
    expect(verify(runEvidence([Buffer.from(body)])).problems).toEqual([])
  })

  it('of messages that are JSON', () => {
    const bodies = fc.array(
      wellFormedBody.map(({ body }) => body),
      { minLength: 1, maxLength: 3 },
    )
    fc.assert(fc.property(bodies, agree))
  })

  it('of messages that are anything', () => {
    const bodies = fc.array(anyBody, { minLength: 1, maxLength: 3 })
    fc.assert(fc.property(bodies, agree), { numRuns: runLength(100, 300) })
  })

  it('of good messages that went bad: whatever is left whole of their records becomes an event', () => {
    const chance = prng(1)
    let count = 0
    for (let n = 0; n < 300; n++) {
      const records = Array.from({ length: 1 + chance.below(5) }, () => recordText(count++))
      const good = Buffer.from(`{"records":[${records.join(',')}]}`)
      const bad = badMessage(good, chance, count++)
      const made = survivors(records, good, bad)
      const { sent, ...evidence } = runEvidence([bad])
      const { problems, events } = verify({
        ...evidence,
        sent: sent.map((message) => ({ ...message, made })),
      })
      expect(problems, Buffer.from(bad).toString()).toEqual([])
      expect(events).toBeGreaterThanOrEqual(made.length)
    }
  })
})
