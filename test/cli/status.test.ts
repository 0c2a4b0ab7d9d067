import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TableClient } from '@azure/data-tables'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { blobName } from '../../shared/archive/blob-name.ts'
import { outboxPartitionOf, pendingRows, replayPartitionOf } from '../../shared/delivery/outbox/outbox.ts'
import { replayRows } from '../../shared/delivery/outbox/replay-rows.ts'
import { sinkFault } from '../../shared/domain/fault.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { CONTEXT_TABLE, contextTable } from '../../shared/graph/context-requests/context-table.ts'
import { archivedEventAt } from '../support/archived-event-at.ts'
import { HUB, messageAt } from '../support/ingest-world.ts'
import { requestOf } from '../support/read-requests.ts'
import { type CliOptions, cli, newFolder } from './cli-under-test.ts'
import { type Situation, START, settingsFor, situation } from './stored-situation.ts'

let stored: Situation
let hub: EventHubEmulator
let checkpoints: ContainerClient
let options: CliOptions

/** A checkpoint as the Functions host writes it. */
async function checkpoint(partition: string, sequenceNumber: number): Promise<void> {
  const name = `localhost/${HUB}/$default/checkpoint/${partition}`
  const metadata = { sequencenumber: String(sequenceNumber), offset: '0' }
  await checkpoints.getBlockBlobClient(name).upload('', 0, { metadata })
}

beforeAll(async () => {
  stored = await situation()
  const nowMs = () => stored.world.time.now()
  hub = await startEventHubEmulator({ hubs: [{ name: HUB, partitions: 4 }], nowMs })
  const blobs = BlobServiceClient.fromConnectionString(stored.azurite.connectionString)
  checkpoints = blobs.getContainerClient('azure-webjobs-eventhub')
  options = { env: settingsFor(stored.azurite, hub.connectionString(HUB)), nowMs }
})
afterAll(async () => {
  await hub.stop()
  await stored.azurite.stop()
})

const publish = (partition: string, count: number) =>
  hub.publish(
    HUB,
    Array.from({ length: count }, () => Buffer.from('{}')),
    { partition },
  )

describe('status', () => {
  it('works before the app has run', async () => {
    const { code, stdout } = await cli(['status'], options)
    expect(code).toBe(0)
    expect(stdout).toContain('0               0  -             no checkpoint yet')
  })

  it('tells how far behind the hub it is, what is pending, what was dead-lettered, and when each sink took events last', async () => {
    await checkpoints.create()
    publish('0', 5)
    publish('1', 3)
    publish('2', 2)
    await checkpoint('0', 4)
    await checkpoint('1', 0)
    await checkpoint('2', 7)
    stored.world.time.advance(3 * 3_600_000)
    const { position } = messageAt(1, '')
    const rows = replayRows(
      [{ blob: 'v1/x', line: 0, position }],
      'asArchived',
      instant(stored.world.time.now()),
    )
    await stored.world.outbox.append(replayPartitionOf('log-analytics', position), rows)

    const { code, stdout, stderr } = await cli(['status'], options)
    expect([code, stderr]).toEqual([0, ''])
    await expect(stdout).toMatchFileSnapshot('../golden/cli/status.txt')
    const json = await cli(['status', '--json'], options)
    await expect(json.stdout).toMatchFileSnapshot('../golden/cli/status.json')
  })

  it('--check ends with 1 where something needs a person', async () => {
    expect((await cli(['status', '--check'], options)).code).toBe(1)
  })

  it('--watch shows it again after as many seconds, until Ctrl-C, and outlives what passes', async () => {
    const controller = new AbortController()
    const slept: number[] = []
    const watch = (...words: string[]) =>
      cli(['status', '--watch', ...words], {
        ...options,
        interruption: controller.signal,
        sleep: async (ms) => {
          slept.push(ms)
          if (slept.length === 3) controller.abort()
        },
      })
    const { code, stdout, stderr } = await watch('7')
    expect([code, stderr, slept]).toEqual([130, '', [7000, 7000, 7000]])
    expect(stdout.split('Tenant ')).toHaveLength(4)
    expect((await watch('--json')).code).toBe(130)
    expect(slept.at(-1)).toBe(5000)
    for (const words of [['0'], ['soon'], ['--check']]) expect((await watch(...words)).code).toBe(2)
  })

  it('does not miss heartbeats of an app that has just begun', async () => {
    const { heartbeat } = JSON.parse(
      (await cli(['status', '--json'], { ...options, nowMs: () => START + 8 * 60_000 })).stdout,
    )
    expect(heartbeat).toEqual({ at: null, overdue: false })
  })

  it('tells when the app last showed a sign of life, whatever operators sent', async () => {
    const heartbeat = (origin: string, sentAt: string) =>
      JSON.stringify({
        records: [
          { category: 'RiskExport.Heartbeat', origin, time: sentAt, properties: { sentAt, health: {} } },
        ],
      })
    const nowMs = stored.world.time.now()
    const at = (msAgo: number) => new Date(nowMs - msAgo).toISOString()
    const MINUTE = 60_000
    const keep = (n: number, origin: string, msAgo: number) =>
      stored.world.ingest([messageAt(n, heartbeat(origin, at(msAgo)), '2', nowMs - msAgo - n * 1000)])
    const first = async () => {
      const { heartbeat } = JSON.parse((await cli(['status', '--json'], options)).stdout)
      return heartbeat
    }
    await keep(30, 'exporter', 16 * MINUTE)
    expect(await first()).toEqual({ at: at(16 * MINUTE), overdue: true })
    await keep(31, 'operator', MINUTE)
    expect(await first()).toEqual({ at: at(16 * MINUTE), overdue: true })
    await keep(32, 'exporter', 4 * MINUTE)
    expect(await first()).toEqual({ at: at(4 * MINUTE), overdue: false })
    expect((await cli(['status'], options)).stdout).toContain('\nLast heartbeat 4 min ago\n')
  })

  it('tells which program runs, and needs a person where it is not the deployed one', async () => {
    const nowMs = stored.world.time.now()
    const sentAt = new Date(nowMs - 1000).toISOString()
    const properties = { sentAt, version: '1.2.3', health: { programSha256: 'ab'.repeat(32) } }
    const record = { category: 'RiskExport.Heartbeat', origin: 'exporter', time: sentAt, properties }
    await stored.world.ingest([messageAt(33, JSON.stringify({ records: [record] }), '2', nowMs - 1000)])
    const told = async (PROGRAM_SHA256: string) => {
      const env = { ...settingsFor(stored.azurite, hub.connectionString(HUB)), PROGRAM_SHA256 }
      return (await cli(['status'], { ...options, env })).stdout
    }
    expect(await told('')).toContain('\nProgram 1.2.3, SHA-256 abababababab\n')
    expect(await told('AB'.repeat(32))).toContain('\nProgram 1.2.3, SHA-256 abababababab, as deployed\n')
    const other = await told('cd'.repeat(32))
    expect(other).toContain('\nProgram 1.2.3, SHA-256 abababababab: not the one that is deployed\n')
    expect(other).toContain(`\nThe program that runs is not ${'cd'.repeat(32)}, which is deployed`)
    const { program } = JSON.parse((await cli(['status', '--json'], options)).stdout)
    expect(program).toEqual({ version: '1.2.3', sha256: 'ab'.repeat(32), deployedSha256: null })
  })

  it('tells how many contexts wait, and what the app lacks to read them', async () => {
    const env = { ...settingsFor(stored.azurite, hub.connectionString(HUB)), GRAPH_CONTEXT: 'true' }
    const statusOf = async () => (await cli(['status'], { ...options, env })).stdout
    expect(await statusOf()).toContain('\nContexts of identities: none waits, never read\n')
    const table = contextTable(
      TableClient.fromConnectionString(stored.azurite.connectionString, CONTEXT_TABLE, {
        allowInsecureConnection: true,
      }),
    )
    const nowMs = stored.world.time.now()
    await table.add(
      [requestOf(1), requestOf(2), requestOf(2, { level: 'low' })],
      instant(nowMs - 3 * 3_600_000),
    )
    const lastReadAt = instant(nowMs - 60_000)
    const notBefore = instant(nowMs + 60_000)
    await table.setState({ hour: 1, inHour: 1, lastReadAt, notBefore, lacking: ['Policy.Read.All'] })
    const shown = await statusOf()
    expect(shown).toContain(
      '\nContexts of identities: 2 wait, the oldest for 3 h; Graph or the hub did not answer, last read 1 min ago\n',
    )
    expect(shown).toContain(
      '\nContexts of identities are incomplete: the app needs Policy.Read.All (docs/graph.md).\n',
    )
    const { contexts } = JSON.parse((await cli(['status', '--json'], { ...options, env })).stdout)
    expect(contexts).toMatchObject({ waiting: 2, lacking: ['Policy.Read.All'] })
  })

  it('tells what the last comparison with Graph has found, and what could not be read', async () => {
    const container = BlobServiceClient.fromConnectionString(
      stored.azurite.connectionString,
    ).getContainerClient('risk-export')
    await container.createIfNotExists()
    const nowMs = stored.world.time.now()
    const report = {
      at: nowMs - 12 * 60_000,
      from: nowMs - 3_600_000,
      inBoth: 7,
      onlyInStream: 1,
      onlyInGraph: 2,
      enrichedInGraph: 0,
      due: 2,
      sent: 0,
      streamLagSeconds: 5,
      streamLossPerMille: 222.3,
    }
    const store = async (changes: object): Promise<void> => {
      const text = JSON.stringify({ v: 1, report: { ...report, ...changes } })
      await container.getBlockBlobClient('graph/v1/state.json').upload(text, text.length)
    }
    await store({ unread: [{ name: 'riskyServicePrincipals', fault: { kind: 'noPermission' } }] })
    const { stdout } = await cli(['status'], options)
    expect(stdout).toContain('\nCompared with Graph 12 min ago: the stream has lost 2 of 9 facts (222.3 ‰)\n')
    expect(stdout).toContain(
      'Graph: riskyServicePrincipals cannot be read. The identity lacks the application permission IdentityRiskyServicePrincipal.Read.All.',
    )
    const { reconciled } = JSON.parse((await cli(['status', '--json'], options)).stdout)
    expect(reconciled).toMatchObject({ onlyInGraph: 2, at: new Date(report.at).toISOString() })
    await store({ onlyInGraph: 0, unread: [] })
    expect((await cli(['status'], options)).stdout).toContain('the stream has brought all 7 facts\n')
    await container.delete()
  })

  it('names in what it suggests the app that it was asked about', async () => {
    const path = join(await newFolder(), 'settings.json')
    await writeFile(path, JSON.stringify(options.env))
    const { stdout } = await cli(['status', '--settings', path], { ...options, env: {} })
    expect(stdout).toContain(`risk-export dead-letters list --sink records --settings ${path}\n`)
  })

  it('reads the checkpoints of its own namespace, hub and consumer group, and takes an empty one for unknown', async () => {
    const write = (name: string, sequencenumber: string) =>
      checkpoints.getBlockBlobClient(name).upload('', 0, { metadata: { sequencenumber, offset: '' } })
    await write(`another.servicebus.windows.net/${HUB}/$default/checkpoint/0`, '2')
    await write(`zz.example/localhost/${HUB}/$default/checkpoint/1`, '9')
    await write(`localhost/${HUB}/another/checkpoint/0`, '3')
    await write(`localhost/another/$default/checkpoint/0`, '3')
    await write(`localhost/${HUB}/$default/checkpoint/3`, '')
    publish('3', 4)
    const { stdout } = await cli(['status', '--json'], options)
    const { partitions } = JSON.parse(stdout)
    expect(partitions).toMatchObject([
      { partition: '0', state: 'reading', checkpoint: 4, behind: 0 },
      { partition: '1', state: 'reading', checkpoint: 0, behind: 2 },
      { partition: '2', state: 'beyondEnd' },
      { partition: '3', state: 'unknown', checkpoint: null, behind: null },
    ])
    expect((await cli(['status'], options)).stdout).toMatch(/^3 +\? .* the checkpoint cannot be read$/m)
  })

  it('colours what needs an eye, on a terminal alone', async () => {
    const { stdout } = await cli(['status'], { ...options, isTerminal: true })
    expect(stdout).toContain('\u001b[31m')
    const plain = await cli(['status'], {
      ...options,
      isTerminal: true,
      env: { ...options.env, NO_COLOR: '1' },
    })
    expect(plain.stdout).not.toContain('\u001b')
  })

  it('shows what to check whole, between words of the lines of a terminal', async () => {
    const remedy = `The receiver answered 401. ${'Check WEBHOOK_SECRET. '.repeat(20)}`.trim()
    const archived = archivedEventAt(1)
    await stored.world.outbox.append(
      outboxPartitionOf('log-analytics', archived.position),
      pendingRows([{ archived, fault: sinkFault('unauthorized', remedy) }], instant(START)),
    )
    const piped = await cli(['status'], options)
    expect(piped.stdout).toContain(`\nlog-analytics: ${remedy}\n`)
    const { stdout } = await cli(['status'], { ...options, isTerminal: true, columns: 60 })
    const from = stdout.indexOf('log-analytics: The receiver')
    const lines = stdout.slice(from).split('\n')
    const own = lines.slice(
      0,
      lines.findIndex((line, i) => i > 0 && !line.startsWith('  ')),
    )
    expect(own.map((line) => line.trim()).join(' ')).toBe(`log-analytics: ${remedy}`)
    expect(Math.max(...own.map((line) => line.length))).toBeLessThanOrEqual(60)
  })

  it('goes on past an archive blob that cannot be read, and names it', async () => {
    const first = messageAt(900, '', '3', stored.world.time.now() - 900_000).position
    const name = blobName({ first, lastSequenceNumber: 900, contentHash: '0'.repeat(64) })
    const damaged = stored.world.archive.getBlockBlobClient(name)
    await damaged.upload('no gzip', 7)
    const { code, stderr } = await cli(['status'], options)
    await damaged.delete()
    expect([code, stderr]).toEqual([
      0,
      `Left out: the archive blob ${name} is damaged: it cannot be decompressed.\n`,
    ])
  })

  it('tells no secret', async () => {
    const secrets = /SharedAccessKey|AccountKey|whsec_|SAS_KEY_VALUE/
    for (const words of [['status'], ['status', '--json'], ['doctor'], ['doctor', '--json']]) {
      const { stdout, stderr } = await cli(words, options)
      expect(stdout + stderr).not.toMatch(secrets)
    }
  })
})
