import { expect, test } from 'vitest'
import { sinkFault } from '../../shared/domain/fault.ts'
import { InvariantError } from '../../shared/domain/invariant-error.ts'
import { type Checked, healthChecks, healthUnknown } from '../../shared/pipeline/health.ts'
import { virtualTime } from '../support/virtual-time.ts'

const time = { ...virtualTime(), timeout: () => AbortSignal.timeout(50) }
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
