import { expect, it } from 'vitest'
import { dieAtStep, readCrashAt } from '../../../../local/checks/chaos/crash-at.ts'

it('a crash is named by a failpoint and the passing of it', () => {
  expect(readCrashAt('archiveWritten')).toEqual({ step: 'archiveWritten', nth: 1 })
  expect(readCrashAt('wakeUpSentAgain:12')).toEqual({ step: 'wakeUpSentAgain', nth: 12 })
})

it.each(['', 'archive', 'archiveWritten:0', 'archiveWritten:x', 'archiveWritten:1.5'])(
  'a crash that cannot be is an error that lists the steps: "%s"',
  (setting) => {
    expect(() => readCrashAt(setting)).toThrow(/archiveWritten.*wakeUpSentAgain/)
  },
)

it('a process dies at the passing named, once, and at no other step', async () => {
  let deaths = 0
  const failpoint = dieAtStep({ step: 'delivered', nth: 2 }, () => deaths++)
  const counts: number[] = []
  for (const step of ['delivered', 'wakeUpSent', 'delivered', 'delivered'] as const) {
    await failpoint(step)
    counts.push(deaths)
  }
  expect(counts).toEqual([0, 0, 1, 1])
})
