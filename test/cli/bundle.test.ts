import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { HUB } from '../support/ingest-world.ts'
import { newFolder } from './cli-under-test.ts'
import { type Situation, settingsFor, situation } from './stored-situation.ts'

let folder: string
let stored: Situation
let hub: EventHubEmulator

beforeAll(async () => {
  folder = await newFolder()
  ;[stored, hub] = await Promise.all([
    situation(),
    startEventHubEmulator({ hubs: [{ name: HUB, partitions: 1 }], nowMs: () => Date.now() }),
    copyFile('dist/risk-export.mjs', join(folder, 'risk-export.mjs')),
  ])
  const settings = settingsFor(stored.azurite, hub.connectionString(HUB))
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ IsEncrypted: false, Values: settings }))
})
afterAll(async () => {
  await hub.stop()
  await stored.azurite.stop()
})

function start(...words: string[]): ChildProcess {
  const env = { PATH: process.env.PATH ?? '', TMPDIR: folder }
  return spawn(process.execPath, ['risk-export.mjs', ...words], { cwd: folder, env })
}

async function ended(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (data) => (stdout += String(data)))
  child.stderr?.on('data', (data) => (stderr += String(data)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

const STORED = ['--settings', 'settings.json'] as const

describe('the command as one file', () => {
  it('helps, and tells its version', async () => {
    const [help, version] = await Promise.all([ended(start('--help')), ended(start('--version'))])
    expect([help.code, help.stderr, version.code, version.stdout]).toEqual([0, '', 0, '0.1.0\n'])
    expect(help.stdout).toContain('dead-letters discard')
  })

  it('ends with 2 for wrong words and with 3 where it cannot run', async () => {
    const [wrong, noStack] = await Promise.all([
      ended(start('status', '--colour')),
      ended(start('status', '--local')),
    ])
    expect([wrong.code, noStack.code]).toEqual([2, 3])
    expect(wrong.stderr).toContain("Unknown option '--colour'")
    expect(noStack.stderr).toContain('No embedded stack is running')
  })

  it('sends files over AMQP, byte for byte', async () => {
    await writeFile(join(folder, 'one.json'), '\ufeff{ "records" : [] }\r\n')
    await writeFile(join(folder, 'some.ndjson'), '{"a":1}\r\n\n{"b":2}')
    const { code, stdout, stderr } = await ended(start('send', 'one.json', 'some.ndjson', ...STORED))
    expect([code, stdout, stderr]).toEqual([0, `Sent 3 messages to ${HUB} in 1 batch.\n`, ''])
    expect([...hub.messages(HUB)].map((m) => Buffer.from(m.body).toString())).toEqual([
      '\ufeff{ "records" : [] }\r\n',
      '{"a":1}',
      '{"b":2}',
    ])
  })

  it('refuses a message that no hub takes, and a file that is not there', async () => {
    await writeFile(join(folder, 'huge.json'), Buffer.alloc(1_200_000, 0x20))
    const [huge, missing] = await Promise.all([
      ended(start('send', 'huge.json', ...STORED)),
      ended(start('send', 'missing.json', ...STORED)),
    ])
    expect([huge.code, missing.code]).toEqual([3, 3])
    expect(huge.stderr).toContain('Sending message 1: 1200000 bytes')
    expect(missing.stderr).toContain('Reading missing.json: file not found or not readable.')
  })

  it('stops a replay at Ctrl-C, and says how to go on', async () => {
    const words = [
      'replay',
      '--sink',
      'log-analytics',
      '--from',
      '2026-03-01',
      '--to',
      '2026-03-02',
      '--rate',
      '1',
    ]
    const child = start(...words, ...STORED)
    const end = ended(child)
    while (
      (await stored.world.outbox.pendingPartitions()).every(
        ({ outboxPartition }) => outboxPartition.sink !== 'log-analytics',
      )
    )
      await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGINT')
    const { code, stderr } = await end
    expect(code).toBe(130)
    expect(stderr).toContain('Interrupted. To continue: risk-export replay --sink log-analytics --rate 1')
  })

  it('is content with a reader that has seen enough', async () => {
    const child = start('dead-letters', 'list', ...STORED)
    child.stdout?.destroy()
    expect((await ended(child)).code).toBe(0)
  })
})
