import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { envelope, type IngestWorld, ingestWorld, messageAt, riskRecord } from '../support/ingest-world.ts'
import { type ScriptedSink, scriptedSink } from '../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { type CliOptions, cli } from './cli-under-test.ts'
import { NO_HUB, START, settingsFor } from './stored-situation.ts'

const EVENTS = 110
const UNREADABLE = 101
const ALL_DAY = ['--from', '2026-03-01', '--to', '2026-03-02'] as const
const REASON = ['--reason', 'Sender mended'] as const

let azurite: StorageAccount
let world: IngestWorld
let siem: ScriptedSink
let options: CliOptions
beforeAll(async () => {
  azurite = await storageAccount()
  siem = scriptedSink({ name: 'webhook', maxEvents: 1000 })
  world = await ingestWorld({ azurite, sinks: [siem], startMs: START })
  const records = Array.from({ length: EVENTS }, (_, n) => riskRecord(n))
  const broken = Array.from({ length: UNREADABLE }, () => '{"category":"RiskyAgents"}')
  await world.ingest([messageAt(1, envelope(...records)), messageAt(2, envelope(...broken))])
  await world.ingest([messageAt(3, 'not JSON')])
  options = { env: settingsFor(azurite, NO_HUB), nowMs: () => world.time.now() }
})
afterAll(() => azurite.stop())

/** Somebody at a terminal who answers so, and what he was asked. */
function person(answer: boolean) {
  const asked: string[] = []
  const confirm = (question: string): boolean => {
    asked.push(question)
    return answer
  }
  return { asked, options: { ...options, confirm, isTerminal: true } }
}

const openRecords = async (): Promise<number> =>
  (await cli(['dead-letters', 'list', '--sink', 'records', '--limit', '1000', '--json'], options)).stdout
    .split('\n')
    .filter((line) => line !== '').length
const pendingRows = async () => (await world.outbox.pendingPartitions()).length

const CHANGES = [
  ['replay', ['replay', '--sink', 'webhook', ...ALL_DAY], EVENTS, 'Redeliver 110 events to webhook? [y/N] '],
  [
    'retry',
    ['dead-letters', 'retry', '--all', '--sink', 'records'],
    UNREADABLE + 1,
    'Retry 102 dead letters? [y/N] ',
  ],
  [
    'discard',
    ['dead-letters', 'discard', '--all', '--sink', 'records', ...REASON],
    UNREADABLE + 1,
    'Discard 102 dead letters? [y/N] ',
  ],
] as const

describe('what changes more than 100 events', () => {
  it.each(CHANGES)('is refused without a terminal and without --yes: %s', async (_, words, count) => {
    const { code, stdout, stderr } = await cli(words, options)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe(
      `Expected --yes: ${count} events would be changed, and there is no terminal to confirm on. Use --help for usage.\n`,
    )
    expect([await openRecords(), await pendingRows()]).toEqual([UNREADABLE + 1, 0])
  })

  it.each(CHANGES)('is not done where the answer is no: %s', async (_, words, _count, question) => {
    const { asked, options: atTerminal } = person(false)
    const { code, stdout, stderr } = await cli(words, atTerminal)
    expect([code, stdout, asked]).toEqual([130, '', [question]])
    expect(stderr).toContain('Nothing was changed.')
    expect([await openRecords(), await pendingRows()]).toEqual([UNREADABLE + 1, 0])
  })

  it('is asked for in nothing that changes nothing', async () => {
    const { code } = await cli(['replay', '--sink', 'webhook', ...ALL_DAY, '--dry-run'], options)
    expect(code).toBe(0)
  })

  it('is not asked for where it is fewer', async () => {
    const { asked, options: atTerminal } = person(false)
    const words = [
      'dead-letters',
      'discard',
      '--all',
      '--sink',
      'records',
      '--code',
      'bodyNotJson',
      ...REASON,
    ]
    const { code, stdout } = await cli(words, atTerminal)
    expect([code, asked]).toEqual([0, []])
    expect(stdout).toBe('Discarded 1 dead letter: the reason is stored with it.\n')
    expect((await cli(words, options)).stdout).toBe('No dead letters found.\n')
    expect(await openRecords()).toBe(UNREADABLE)
  })

  it('is done where the answer is yes, with its progress and the total', async () => {
    const { asked, options: atTerminal } = person(true)
    const replayed = await cli(['replay', '--sink', 'webhook', ...ALL_DAY], atTerminal)
    expect([replayed.code, asked.length]).toEqual([0, 1])
    expect(replayed.stderr).toContain('counted 110 events, 2 of 2 archive blobs (100 %)')
    expect(replayed.stderr).toContain('queued 110 events, 2 of 2 archive blobs (100 %)')
    await world.drain()
    expect(siem.taken.length).toBe(2 * EVENTS)
  })

  it('is done with --yes, and asks nobody', async () => {
    const words = ['dead-letters', 'discard', '--all', '--sink', 'records', ...REASON, '--yes', '--json']
    const { code, stdout } = await cli(words, options)
    expect([code, JSON.parse(stdout)]).toEqual([0, { discarded: UNREADABLE, reason: 'Sender mended' }])
    expect(await openRecords()).toBe(0)
  })

  it('was nothing where there is none', async () => {
    const { code, stderr } = await cli(
      ['dead-letters', 'retry', '--all', '--sink', 'webhook'],
      person(true).options,
    )
    expect([code, stderr]).toEqual([0, ''])
  })
})

describe('a list of dead letters at a terminal', () => {
  it('says how many archive blobs it has read for it', async () => {
    const { stderr } = await cli(['dead-letters', 'list', '--discarded', '--limit', '500'], {
      ...options,
      isTerminal: true,
    })
    expect(stderr).toContain('of 2 archive blobs')
  })
})
