import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OutboxPartition } from '../../shared/delivery/outbox/outbox.ts'
import { recordFault } from '../../shared/domain/fault.ts'
import type { Message } from '../../shared/domain/position.ts'
import type { ReadMessage } from '../../shared/domain/read-message.ts'
import {
  envelope,
  HUB,
  type IngestWorld,
  ingestWorld,
  messageAt,
  NAMESPACE,
  riskRecord,
} from '../support/ingest-world.ts'
import { type ScriptedSink, scriptedSink } from '../support/scripted-sink.ts'
import { storageAccount } from '../support/storage-account.ts'
import { type CliOptions, cli, withoutHashes } from './cli-under-test.ts'
import { NO_HUB, START, settingsFor } from './stored-situation.ts'

const OTHER = 'bbbbbbbb-0000-4000-8000-000000000001'
const HOUR = 3_600_000
const NINE = Date.UTC(2026, 2, 1, 9)

let azurite: Awaited<ReturnType<typeof storageAccount>>
let world: IngestWorld
let siem: ScriptedSink
let options: CliOptions

/** As a program read it that could not read the second record of a message. */
const asOlderProgram = (message: Message): ReadMessage => {
  const read = world.rereader.readMessage(message)
  if (read.status === 'unsplit') return read
  const fault = recordFault('internalFault', 'An older program could not do it.')
  const reading = { status: 'fault', fault, origin: 'stream' } as const
  return { ...read, records: read.records.map((r) => (r.ordinal === 1 ? { ...r, reading } : r)) }
}

beforeAll(async () => {
  azurite = await storageAccount()
  siem = scriptedSink({ name: 'webhook', maxEvents: 100 })
  world = await ingestWorld({ azurite, sinks: [siem], startMs: START })
  const runs = [
    [messageAt(1, envelope(riskRecord(1), riskRecord(2))), messageAt(2, envelope(riskRecord(3)))],
    // The host ran a part of it again, with other edges.
    [messageAt(2, envelope(riskRecord(3))), messageAt(3, envelope(riskRecord(4, { principal: OTHER })))],
    [
      messageAt(
        4,
        envelope(riskRecord(5, { category: 'RiskyServicePrincipals' }), '{"category":"RiskyAgents"}'),
      ),
    ],
    // After a pause of the app: filed under nine o'clock, its second message is of half past ten.
    [
      messageAt(1, envelope(riskRecord(6)), '1'),
      messageAt(2, envelope(riskRecord(7)), '1', NINE + 1.5 * HOUR),
    ],
  ]
  for (const [i, messages] of runs.entries())
    await world.ingest(messages, i === 0 ? asOlderProgram : undefined)
  options = { env: settingsFor(azurite, NO_HUB), nowMs: () => world.time.now() }
})
afterAll(() => azurite.stop())

const replay = (...words: string[]) => cli(['replay', '--sink', 'webhook', ...words], options)
const ALL_DAY = ['--from', '2026-03-01', '--to', '2026-03-02'] as const
const outboxPartitionOf = (partition: string): OutboxPartition => ({
  sink: 'webhook',
  namespace: NAMESPACE,
  hub: HUB,
  partition: `${partition}~replay`,
})

/** Looks like one. */
const NO_BLOB = `v1/ingest_date=2026-03-01/ingest_hour=09/a/b/p=0/${'0'.repeat(20)}-${'9'.repeat(20)}-${'a'.repeat(16)}.jsonl.gz`

describe('replay', () => {
  it('--dry-run counts and hands nothing over', async () => {
    const { code, stdout } = await replay(...ALL_DAY, '--dry-run')
    expect(code).toBe(0)
    await expect(stdout).toMatchFileSnapshot('../golden/cli/replay-dry-run.txt')
    expect(await world.outbox.pendingPartitions()).toEqual([])
  })

  it('hands over each position once, delivers what was a fault and is none today, in the order of the stream', async () => {
    const before = siem.taken.length
    const { code, stdout, stderr } = await replay(...ALL_DAY)
    expect([code, stderr]).toEqual([0, ''])
    await expect(stdout).toMatchFileSnapshot('../golden/cli/replay.txt')
    expect((await world.outbox.rows(outboxPartitionOf('0'), 10)).map((row) => row.mode)).toEqual(
      Array.from({ length: 3 }, () => 'renormalise'),
    )
    await world.drain()
    expect(siem.taken.length - before).toBe(7)
    expect(new Set(siem.taken.slice(before)).size).toBe(7)
    expect(await world.outbox.pendingPartitions()).toEqual([])
  })

  it('--as-archived leaves faults where they are, and asked for twice it is asked for once', async () => {
    const [first, second] = [
      await replay(...ALL_DAY, '--as-archived', '--json'),
      await replay(...ALL_DAY, '--as-archived', '--json'),
    ]
    expect(JSON.parse(second.stdout)).toEqual(JSON.parse(first.stdout))
    await expect(withoutHashes(first.stdout)).toMatchFileSnapshot('../golden/cli/replay.json')
    const before = siem.taken.length
    await world.drain()
    expect(siem.taken.length - before).toBe(6)
  })

  it.each([
    ['one category', ['--category', 'riskyserviceprincipals'], 1],
    ['one identity', ['--identity', OTHER.toUpperCase()], 1],
    ['an application', ['--identity', '99999999-8888-4777-8666-555555555555'], 7],
    [
      'two categories',
      ['--category', 'RiskyServicePrincipals', '--category', 'ServicePrincipalRiskEvents'],
      7,
    ],
    ['nobody', ['--identity', 'nobody'], 0],
  ])('takes only what is about %s', async (_, words, matched) => {
    const { stdout } = await replay(...ALL_DAY, '--dry-run', '--json', ...words)
    expect(JSON.parse(stdout)).toMatchObject({ matched, faulty: 1, copies: 1, filtered: 7 - matched })
  })

  it('goes by the time at which the hub took a message, also in a blob that was begun earlier', async () => {
    const at = async (from: string, to: string) =>
      JSON.parse((await replay('--from', from, '--to', to, '--dry-run', '--json')).stdout) as object
    expect(await at('2026-03-01T10:30Z', '2026-03-01T10:31Z')).toMatchObject({ matched: 1 })
    expect(await at('2026-03-01T09:00:02Z', '2026-03-01T09:00:03Z')).toMatchObject({ matched: 1 })
    expect(await at('2026-03-01T11:30+02:00', '2026-03-01T10:00')).toMatchObject({ matched: 0 })
  })

  it('gives a sink only the categories that its settings want', async () => {
    const env = { ...options.env, WEBHOOK_CATEGORIES: 'RiskyServicePrincipals' }
    const { stdout } = await cli(['replay', '--sink', 'webhook', ...ALL_DAY, '--dry-run', '--json'], {
      ...options,
      env,
    })
    expect(JSON.parse(stdout)).toMatchObject({ matched: 1 })
  })

  it('waits as the rate asks', async () => {
    const waits: number[] = []
    await cli(['replay', '--sink', 'webhook', ...ALL_DAY, '--rate', '2'], {
      ...options,
      sleep: async (ms) => {
        waits.push(ms)
      },
    })
    expect(Math.max(...waits)).toBe(3500)
    await world.drain()
  })

  it('says how to go on when it is interrupted, and goes on behind the last blob', async () => {
    const controller = new AbortController()
    const words = ['replay', '--sink', 'webhook', '--from', '10h', '--to=now', '--rate', '1', '--json']
    const stopped = await cli(words, {
      ...options,
      interruption: controller.signal,
      sleep: async () => controller.abort(),
    })
    expect(stopped.code).toBe(130)
    const report = JSON.parse(stopped.stdout) as { lastBlob: string; matched: number; finished: boolean }
    expect(report).toMatchObject({ finished: false, matched: 3 })
    const hint = `Interrupted. To continue: risk-export replay --sink webhook --rate 1 --json --from 2026-03-01T`
    expect(stopped.stderr).toContain(hint)
    expect(stopped.stderr).toContain(`--after ${report.lastBlob}`)

    const rest = await replay(...ALL_DAY, '--after', report.lastBlob, '--json')
    // The copy in the next blob is no longer known to be one.
    expect(JSON.parse(rest.stdout)).toMatchObject({ finished: true, matched: 5 })
    await world.drain()
  })

  it('of a sink that is off waits for it', async () => {
    const { WEBHOOK_URL: _, ...env } = options.env ?? {}
    const { stdout } = await cli(['replay', '--sink', 'webhook', ...ALL_DAY], { ...options, env })
    expect(stdout).toContain(
      'The sink webhook is switched off in the settings: they stay pending until it is switched on.',
    )
    await world.drain()
  })

  it.each([
    [['--from', '1h', '--to', 'now'], 'Expected --sink, --from and --to.'],
    [['--sink', 'siem', '--from', '1h', '--to', 'now'], '--sink: expected log-analytics or webhook.'],
    [['--sink', 'webhook', '--from', 'yesterday', '--to', 'now'], '--from: expected a valid time'],
    [['--sink', 'webhook', '--from', '2026-02-30', '--to', 'now'], '--from: expected a valid time'],
    [['--sink', 'webhook', '--from', '2026-02-01', '--to', '2026-02-29'], '--to: expected a valid time'],
    [['--sink', 'webhook', '--from', '2026-02-01T24:30Z', '--to', 'now'], '--from: expected a valid time'],
    [['--sink', 'webhook', '--from', '2026-13-01', '--to', 'now'], '--from: expected a valid time'],
    [
      ['--sink', 'webhook', '--from', '2026-03-01T09:30+24:00', '--to', 'now'],
      '--from: expected a valid time',
    ],
    [['--sink', 'webhook', ...ALL_DAY, '--after', 'yesterday'], '--after: the archive has no blob'],
    [['--sink', 'webhook', ...ALL_DAY, '--after', '../..'], '--after: the archive has no blob'],
    [['--sink', 'webhook', ...ALL_DAY, '--after', ''], '--after: the archive has no blob'],
    [['--sink', 'webhook', ...ALL_DAY, '--after', NO_BLOB], '--after: the archive has no blob'],
    [['--sink', 'webhook', '--from', 'now', '--to', '1h'], '--from must be before --to.'],
    [['--sink', 'webhook', ...ALL_DAY, '--rate', '0'], '--rate: expected a whole number from 1 to 1000000.'],
    [['--sink', 'webhook', ...ALL_DAY, '--category', 'SignIns'], '--category: there is no category SignIns.'],
    [['--sink', 'webhook', ...ALL_DAY, 'please'], 'This command takes no arguments.'],
  ])('%j is refused with what is expected', async (words, expected) => {
    const { code, stderr } = await cli(['replay', ...words], options)
    expect(code).toBe(2)
    expect(stderr).toContain(expected)
  })
})
