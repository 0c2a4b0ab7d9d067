import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createLocalAuthority, LOCAL_HOSTS } from '../../local/emulators/tls/local-authority.ts'
import type { Destination } from '../../shared/sinks/webhook/destination.ts'
import type { WebhookSink } from '../../shared/sinks/webhook/sink.ts'
import { encoded } from '../contract/sink-fixture.ts'
import { NEXT_SECRET, never, SECRET, webhook } from '../sinks/webhook/webhook-under-test.ts'
import { detection, heartbeat, riskyIdentity } from '../support/archived-events.ts'
import { hasTools } from '../support/shell-tools.ts'
import { until } from '../support/until.ts'

const FOLDER = 'integrations/webhook'
const folder = mkdtempSync(join(tmpdir(), 'risk-export-receiver-'))
const files = { CERTIFICATE: join(folder, 'cert.pem'), KEY: join(folder, 'key.pem') }
const built = join(folder, 'receiver.mjs')
let caPem = ''

beforeAll(async () => {
  const authority = await createLocalAuthority()
  caPem = authority.caPem
  const { certPem, keyPem } = await authority.issue(LOCAL_HOSTS)
  writeFileSync(files.CERTIFICATE, certPem)
  writeFileSync(files.KEY, keyPem)
  await build({
    entryPoints: [join(FOLDER, 'receiver.ts')],
    outfile: built,
    bundle: true,
    platform: 'node',
    format: 'esm',
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

const running: ChildProcess[] = []
const sinks: WebhookSink[] = []
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close()
  for (const child of running.splice(0)) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
})

/** A receiver as a process of its own, and what it has printed. */
async function start(command: string, file: string) {
  const port = await freePort()
  const env = { ...process.env, ...files, WEBHOOK_SECRET: SECRET, PORT: String(port) }
  const child = spawn(command, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  let printed = ''
  let said = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  await until(
    () => said.includes('listening'),
    10_000,
    () => `it listens: ${said}`,
  )
  return {
    sinkWith: (changes: Partial<Destination> = {}) => {
      const url = `https://127.0.0.1:${port}/`
      const sink = webhook({ url, caPem, format: 'json', nowMs: Date.now, ...changes })
      sinks.push(sink)
      return sink
    },
    kinds: async (count: number): Promise<readonly string[]> => {
      await until(
        () => printed.split('\n').length > count,
        5_000,
        () => `${count} events are printed: ${printed}`,
      )
      return printed
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).kind)
    },
  }
}

describe.each([
  ['Python', 'python3', join(FOLDER, 'receiver.py')],
  ['TypeScript', process.execPath, built],
])('the receiver in %s', (_, command, file) => {
  describe.skipIf(!hasTools(command))('as a process', () => {
    test('takes what is signed, each event once, compressed or not', async () => {
      const receiver = await start(command, file)
      for (const gzip of [true, false]) {
        const sink = receiver.sinkWith({ gzip, secrets: [NEXT_SECRET, SECRET] })
        const batch = encoded(sink, detection('a'), riskyIdentity('b'))
        for (let n = 0; n < 2; n++)
          expect(await sink.deliver(batch, never)).toMatchObject({ status: 'delivered' })
      }
      const sink = receiver.sinkWith()
      await sink.deliver(encoded(sink, riskyIdentity('b'), heartbeat('c')), never)
      expect(await receiver.kinds(3)).toEqual(['riskDetection', 'riskyIdentity', 'heartbeat'])
    })

    test('answers 401 to another secret and to an old signature, which costs no event', async () => {
      const receiver = await start(command, file)
      const refused = [{ secrets: [NEXT_SECRET] }, { nowMs: () => Date.now() - 400_000 }]
      for (const changes of refused) {
        const sink = receiver.sinkWith(changes)
        expect(await sink.deliver(encoded(sink, detection('a')), never)).toMatchObject({
          fault: { code: 'unauthorized', scope: 'sink', status: 401 },
        })
      }
      const sink = receiver.sinkWith()
      await sink.deliver(encoded(sink, heartbeat('c')), never)
      expect(await receiver.kinds(1)).toEqual(['heartbeat'])
    })

    test('refuses a body that is too large, and is healthy when checked', async () => {
      const receiver = await start(command, file)
      const sink = receiver.sinkWith({ maxBytes: 9_000_000, gzip: false })
      const wide = detection('a', { evidence: 'x'.repeat(2_000_001) })
      expect(await sink.deliver(encoded(sink, wide), never)).toMatchObject({ fault: { status: 413 } })
      expect(await sink.check(never)).toBeUndefined()
    })
  })
})

test.each(['receiver.py', 'receiver.ts'])('%s has about forty lines', (name) => {
  const lines = readFileSync(join(FOLDER, name), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*(?:#|\/\/|\/\*\*|""")/.test(line))
  expect(lines.length).toBeLessThanOrEqual(42)
})
