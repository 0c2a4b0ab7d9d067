import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blobName } from '../../shared/archive/blob-name.ts'
import { messageAt } from '../support/ingest-world.ts'
import { type CliOptions, cli, withoutHashes } from './cli-under-test.ts'
import { type Situation, situation } from './stored-situation.ts'

let stored: Situation
let options: CliOptions
beforeAll(async () => {
  stored = await situation()
  options = { env: stored.env, nowMs: () => stored.world.time.now() }
})
afterAll(() => stored.azurite.stop())

interface Traced {
  readonly more: boolean
  readonly records: readonly {
    readonly position: { readonly sequenceNumber: number }
    readonly event?: { readonly eventId: string; readonly detectionId?: string }
    readonly sinks: Readonly<Record<string, string>>
    readonly steps: readonly { readonly what: string; readonly sink?: string }[]
  }[]
}

const traced = async (...words: string[]): Promise<Traced> => {
  const { stdout } = await cli(['trace', '--json', ...words], options)
  return JSON.parse(stdout) as Traced
}

describe('trace', () => {
  it('tells of an event that one sink has and another refused', async () => {
    const { code, stdout } = await cli(['trace', 'detection-2'], options)
    expect(code).toBe(0)
    await expect(withoutHashes(stdout)).toMatchFileSnapshot('../golden/cli/trace-dead-letter.txt')
  })

  it('tells of an event that is pending, and why', async () => {
    const { stdout } = await cli(['trace', 'BBBBBBBB-0000-4000-8000-000000000001'], options)
    await expect(withoutHashes(stdout)).toMatchFileSnapshot('../golden/cli/trace-pending.txt')
  })

  it('--json names ids, outcomes and steps, and nothing else of the record', async () => {
    const { stdout } = await cli(['trace', 'detection-1', '--json'], options)
    await expect(withoutHashes(stdout)).toMatchFileSnapshot('../golden/cli/trace.json')
    expect(stdout).not.toContain('Payroll')
  })

  it('finds events by event id, fact and application, as many as asked for', async () => {
    const [record] = (await traced('detection-1')).records
    const eventId = record?.event?.eventId ?? ''
    expect((await traced(eventId)).records).toHaveLength(1)
    const limited = await traced('99999999-8888-4777-8666-555555555555', '--limit', '2')
    expect([limited.records.length, limited.more]).toEqual([2, true])
    expect((await traced('99999999-8888-4777-8666-555555555555')).records).toHaveLength(3)
  })

  it('finds events by the display name of their identity, the newest last and the older ones cut off', async () => {
    const all = await traced('payroll NIGHTLY sync')
    expect(all.records.map(({ position }) => position.sequenceNumber)).toEqual([1, 1, 4])
    const { stdout } = await cli(['trace', 'Payroll nightly sync', '--limit', '1'], options)
    expect(stdout.split('\n')[0]).toBe(
      'Older records are not shown: use --limit 10 for more, --from and --to for another time range.',
    )
    expect(stdout).toContain('partition 1, sequence number 4, record 1 of 1')
  })

  it('finds what a request brought, by its webhook-id', async () => {
    // The first one, of both events, was refused; the second brought the first of them alone.
    expect((await traced('webhook-request-1')).records.map((r) => r.event?.eventId)).toHaveLength(2)
    const alone = (await traced('webhook-request-2')).records
    expect(alone.map((r) => r.event?.detectionId)).toEqual(['detection-1'])
    expect((await traced('webhook-request-2', '--from', '1m')).records).toEqual([])
    const { code, stdout } = await cli(['trace', `msg_${'0'.repeat(32)}`], options)
    expect([code, stdout]).toEqual([1, expect.stringContaining('No records found for msg_0000') as string])
  })

  it('looks through the bytes of what is no event', async () => {
    const { stdout } = await cli(['trace', 'not json'], options)
    expect(stdout).toContain('fault  bodyNotJson')
    expect(stdout).toContain('dead-lettered')
  })

  it('says when nothing is known', async () => {
    const { code, stdout } = await cli(['trace', 'detection-1', '--from', '2m'], options)
    expect(code).toBe(1)
    expect(stdout).toContain('No records found for detection-1: 2026-03-01T09:59')
  })

  it('follows a pending delivery until it is delivered, and a dead letter until it is delivered after all', async () => {
    stored.mend()
    const all = await cli(['dead-letters', 'retry', '--all', '--sink', 'webhook'], options)
    expect(all.stdout).toContain('1 dead letter queued')
    expect((await traced('detection-2')).records[0]?.sinks).toEqual({
      'log-analytics': 'delivered',
      webhook: 'pending',
    })
    stored.world.time.advance(1000)
    await stored.world.drain()
    const retried = (await traced('detection-2')).records[0]
    expect(retried?.sinks).toEqual({ 'log-analytics': 'delivered', webhook: 'delivered' })
    expect(retried?.steps.filter((s) => s.sink === 'webhook').map((s) => s.what)).toEqual([
      'settled',
      'deadLettered',
      'retried',
      'replayed',
    ])
    const redelivered = (await traced('bbbbbbbb-0000-4000-8000-000000000001')).records[0]
    expect(redelivered?.sinks.webhook).toBe('delivered')
    expect(redelivered?.steps.at(-1)?.what).toBe('redelivered')
  })

  it('leaves out what cannot be read, as other readers do, and says so; a replay stops there', async () => {
    const first = messageAt(900, '', '3', stored.world.time.now() - 900_000).position
    const name = blobName({ first, lastSequenceNumber: 900, contentHash: '0'.repeat(64) })
    const damaged = stored.world.archive.getBlockBlobClient(name)
    await damaged.upload('no gzip', 7)
    const why = `the archive blob ${name} is damaged: it cannot be decompressed.`
    for (const words of [
      ['trace', 'detection-1'],
      ['report', 'risky', '--from', '7d'],
      ['investigate', 'bbbbbbbb-0000-4000-8000-000000000001', '--since', '7d'],
    ]) {
      const { code, stderr } = await cli(words, options)
      expect([words[0], code, stderr]).toEqual([words[0], 0, `Left out: ${why}\n`])
    }
    const replay = await cli(['replay', '--sink', 'webhook', '--from', '7d', '--to', 'now', '--yes'], options)
    expect([replay.code, replay.stderr]).toEqual([
      3,
      `T${why.slice(1)} To go on behind it, use --after with its name.\n`,
    ])
    await damaged.delete()
  })

  it.each([
    [[], 'Expected one EVENT_ID, DETECTION_ID, IDENTITY, NAME or REQUEST_ID.'],
    [['a', 'b'], 'Expected one EVENT_ID, DETECTION_ID, IDENTITY, NAME or REQUEST_ID.'],
    [['a', '--limit', '0'], '--limit: expected a whole number from 1 to 1000.'],
  ])('%j is refused with what is expected', async (words, expected) => {
    const { code, stderr } = await cli(['trace', ...words], options)
    expect(code).toBe(2)
    expect(stderr).toContain(expected)
  })
})
