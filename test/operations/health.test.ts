import { describe, expect, it, test } from 'vitest'
import { sinkFault } from '../../shared/domain/fault.ts'
import { InvariantError } from '../../shared/domain/invariant-error.ts'
import { type Checked, healthChecks, healthUnknown } from '../../shared/operations/health.ts'
import { virtualTime } from '../support/virtual-time.ts'

const time = { ...virtualTime(), limit: () => ({ signal: AbortSignal.timeout(50), end: () => undefined }) }
const well: Checked = { name: 'archive', check: async () => undefined }
const checksOf = (check: Checked['check']) => healthChecks([{ name: 'webhook', check }, well], time)()

const WELL = { name: 'archive', healthy: true }

test('a check that finds a fault says its code and what to do', async () => {
  const fault = sinkFault('unauthorized', 'Check the secret.')
  expect(await checksOf(async () => fault)).toEqual([
    { name: 'webhook', healthy: false, code: 'unauthorized', message: 'Check the secret.' },
    WELL,
  ])
})

test.each([
  ['rejects with a defect', () => Promise.reject(new InvariantError('with a secret in its text'))],
  ['rejects with a text', () => Promise.reject('with a secret in its text')],
  [
    'throws at once',
    () => {
      throw new TypeError('with a secret in its text')
    },
  ],
])('a check that %s is one row that is not well, and hides no other', async (_, check) => {
  const [webhook, archive] = await checksOf(check)
  expect(webhook).toMatchObject({ name: 'webhook', healthy: false, code: 'internalFault' })
  expect(JSON.stringify(webhook)).not.toContain('secret')
  expect(archive).toEqual(WELL)
})

test('a check that never ends, and listens to nobody, holds up no other', async () => {
  const [webhook, archive] = await checksOf(() => new Promise(() => undefined))
  expect(webhook).toMatchObject({ name: 'webhook', healthy: false, code: 'timeout' })
  expect(archive).toEqual(WELL)
})

test('where no check can be made, that is a row', () => {
  expect(healthUnknown(new Error('with a secret in its text'))).toEqual([
    { name: 'app', healthy: false, code: 'internalFault', message: expect.not.stringContaining('secret') },
  ])
})

describe('the health of what the app needs', () => {
  it('is looked at once in 30 seconds, however often it is asked for', async () => {
    const time = virtualTime()
    let looks = 0
    const health = healthChecks(
      [
        {
          name: 'archive',
          async check() {
            looks += 1
            return looks === 1 ? sinkFault('unauthorized', 'Check the secret.') : undefined
          },
        },
      ],
      time,
    )
    const answers = [await health(), await health()]
    time.advance(29_999)
    answers.push(await health())
    time.advance(1)
    answers.push(await health())
    expect(answers.map(([one]) => one?.healthy)).toEqual([false, false, false, true])
    expect(looks).toBe(2)
  })

  it('is asked for side by side, with five seconds for each', async () => {
    const granted: number[] = []
    const time = {
      ...virtualTime(),
      limit(ms: number) {
        granted.push(ms)
        return { signal: AbortSignal.abort(), end: () => undefined }
      },
    }
    let asked = 0
    const check = async (signal: AbortSignal) => {
      asked += 1
      expect(signal.aborted).toBe(true)
      await Promise.resolve()
      expect(asked).toBe(2)
      return undefined
    }
    const one = { name: 'one', check }
    expect(await healthChecks([one, { ...one, name: 'two' }], time)()).toHaveLength(2)
    expect(granted).toEqual([5000, 5000])
  })
})
