import { expect, it } from 'vitest'
import {
  addRuns,
  type ChaosTotal,
  NOTHING_YET,
  reportJson,
  reportText,
} from '../../../../local/checks/chaos/chaos-report.ts'

const total = (delivered: number, problems: readonly string[] = []): ChaosTotal => ({
  ...NOTHING_YET,
  sent: 10,
  records: 25,
  archived: 10,
  kills: 2,
  maxPendingAgeMs: 1500,
  sinks: new Map([
    [
      'webhook',
      {
        delivered,
        duplicates: 6,
        deadLettered: 1,
        duplicatesBy: { answerLost: 3, ranAgain: 2, repeatedInStream: 1 },
      },
    ],
  ]),
  problems,
})

const report = { seed: 7, modelRuns: 2, model: total(20), processes: total(4, ['something']) }

it('the JSON line has per sink what arrived, how often once more, and why', () => {
  expect(JSON.parse(reportJson(report))).toMatchObject({
    seed: 7,
    sent: 20,
    records: 50,
    archived: 20,
    lost: 0,
    kills: 4,
    sinks: {
      webhook: {
        delivered: 24,
        duplicates: 12,
        deadLettered: 2,
        duplicatesBy: { answerLost: 6, ranAgain: 4, repeatedInStream: 2 },
      },
    },
    maxPendingAgeSeconds: 1.5,
    problems: ['something'],
  })
})

it('the text has one line more per sink, under its duplicates', () => {
  expect(reportText(report).split('\n')).toEqual([
    'seed 7',
    'model, 2 runs: 10 messages of 25 records sent, 10 in the archive, 0 lost; 2 kills, 0 faults',
    '  webhook: 20 events, 6 duplicates, 1 dead letters',
    '           duplicates by cause: 3 answerLost, 2 ranAgain, 1 repeatedInStream',
    'processes: 10 messages of 25 records sent, 10 in the archive, 0 lost; 2 kills, 0 faults',
    '  webhook: 4 events, 6 duplicates, 1 dead letters',
    '           duplicates by cause: 3 answerLost, 2 ranAgain, 1 repeatedInStream',
    '  oldest pending delivery: 1.5 s',
    'something',
  ])
})

it('a run added to nothing is itself', () => {
  expect(addRuns(NOTHING_YET, total(5))).toEqual(total(5))
})
