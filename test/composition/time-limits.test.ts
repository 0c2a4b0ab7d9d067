import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { readBlob } from '../../shared/archive/reader.ts'
import type { AzureClients } from '../../shared/azure/azure-clients.ts'
import { readBytes } from '../../shared/azure/read-bytes.ts'
import { azureClients } from '../../shared/composition/azure-clients.ts'
import { InFlight } from '../../shared/composition/in-flight.ts'
import { managedIdentity } from '../../shared/composition/managed-identity.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import { unreadableBecause } from '../../shared/pipeline/redeliver/unreadable.ts'

const LIMIT_MS = 200
/** Far beyond the limit of each of several attempts. */
const ENDLESS_MS = 5000

/**
 * A storage that takes every request whole, and is then silent: at once, or in the middle of its
 * answer.
 */
let server: Server
let begins = false
let breaksOff = false
/** First bytes of the answer. */
let first = Buffer.from('<')
let asked = 0
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      asked++
      if (!begins) return
      response.writeHead(200, {
        'content-length': '1000',
        'content-type': request.url?.includes('devtable') === true ? 'application/json' : 'application/xml',
        etag: '"1"',
        'last-modified': 'Sun, 01 Mar 2026 09:00:00 GMT',
      })
      response.write(first, () => {
        if (breaksOff) response.destroy()
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
afterEach(() => {
  vi.unstubAllEnvs()
})
const originOf = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

function clients(): AzureClients {
  const at = originOf()
  const account = `DefaultEndpointsProtocol=http;AccountName=dev;AccountKey=${Buffer.alloc(64).toString('base64')}`
  const storage = `${account};BlobEndpoint=${at}/dev;QueueEndpoint=${at}/dev;TableEndpoint=${at}/devtable`
  const settings = readSettings({
    ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555',
    EVENT_HUB_NAME: 'entra-risk',
    EventHub: 'Endpoint=sb://localhost;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true',
    AzureWebJobsStorage: storage,
    ARCHIVE_CONNECTION_STRING: storage,
    WEBHOOK_URL: 'https://siem.example/hook',
    WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
  })
  const nobody = () => Promise.reject(new Error('No credential is needed here.'))
  return azureClients(settings, nobody, systemTime, LIMIT_MS)
}

async function drained<T>(list: AsyncIterable<T>): Promise<void> {
  for await (const _ of list);
}

type Call = readonly [string, (of: AzureClients) => Promise<unknown>]

/** What the running app reads from storage, one of each kind. */
const READS: readonly Call[] = [
  ['the lines of a blob', async (of) => drained(readBlob(await of.container('archive'), 'b'))],
  ['a whole blob', async (of) => readBytes(await of.container('receipts'), 'b')],
  ['a list of blobs', async (of) => drained((await of.hostContainer('checkpoints')).listBlobsFlat())],
  [
    'a list by folders',
    async (of) => drained((await of.container('archive')).listBlobsByHierarchy('/', { prefix: 'v1/' })),
  ],
  ['a row', async (of) => (await of.table('settled')).getEntity('a', 'b')],
  ['rows', async (of) => drained((await of.table('outbox')).listEntities())],
]

/** What it writes, and what has no body. */
const WRITES: readonly Call[] = [
  ['a blob', async (of) => (await of.container('archive')).getBlockBlobClient('b').upload('text', 4)],
  ['a container', async (of) => (await of.container('archive')).getProperties()],
  ['a wake-up', async (of) => (await of.queue('outbox-wake-up')).sendMessage('text')],
  ['a new row', async (of) => (await of.table('outbox')).createEntity({ partitionKey: 'a', rowKey: 'b' })],
  [
    'rows together',
    async (of) =>
      (await of.table('outbox')).submitTransaction([['create', { partitionKey: 'a', rowKey: 'b' }]]),
  ],
]

/** How a call ended, and after how long. */
async function ended(call: Promise<unknown>): Promise<{ readonly how: string; readonly ms: number }> {
  const startedMs = Date.now()
  const how = await Promise.race([
    call.then(
      () => 'it was answered',
      () => 'given up',
    ),
    systemTime.sleep(ENDLESS_MS).then(() => 'it waits for ever'),
  ])
  return { how, ms: Date.now() - startedMs }
}

describe('a storage that takes a request is given up', () => {
  it.each([...READS, ...WRITES])('when it never answers: %s', async (_, call) => {
    begins = false
    asked = 0
    const { how, ms } = await ended(call(clients()))
    expect(how).toBe('given up')
    expect(asked).toBeGreaterThan(0)
    expect(ms).toBeGreaterThanOrEqual(LIMIT_MS - 20)
  })

  it.each(READS)('when it falls silent in the middle of its answer: %s', async (_, call) => {
    begins = true
    expect((await ended(call(clients()))).how).toBe('given up')
  })
})

describe('an archive blob whose download', () => {
  it.each([
    ['falls silent', false],
    ['breaks off', true],
  ])('%s is not taken for a damaged one', async (_, cut) => {
    begins = true
    breaksOff = cut
    first = gzipSync(Buffer.from(`{"v":1,"position":"${'x'.repeat(1000)}`), { level: 0 }).subarray(0, 100)
    const reading = drained(readBlob(await clients().container('archive'), 'b'))
    const error = await reading.then(
      () => undefined,
      (e: unknown) => e,
    )
    expect(error).toBeInstanceOf(Error)
    expect(unreadableBecause(error)).toBeUndefined()
    breaksOff = false
  })
})

it('a managed identity endpoint that never answers is given up: a call to storage may wait for a token', async () => {
  begins = false
  vi.stubEnv('IDENTITY_ENDPOINT', `${originOf()}/msi/token`)
  vi.stubEnv('IDENTITY_HEADER', 'header')
  const credential = await managedIdentity('11111111-2222-4333-8444-555555555555', systemTime, LIMIT_MS)
  expect((await ended(credential.getToken('https://storage.azure.com/.default'))).how).toBe('given up')
})

it('no client of a storage is made elsewhere in the app', () => {
  const made = /\bnew (?:Blob|Container|BlockBlob|Queue|Table)\w*Client\(|Client\.fromConnectionString\(/
  const files = readdirSync('shared', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => made.test(readFileSync(join('shared', file), 'utf8')))
  expect(files).toEqual(['composition/azure-clients.ts', 'composition/storage-http.ts'])
})

it.each([
  ['a limit', systemTime],
  ['a limit that ends with the process', new InFlight().deliveryTime(systemTime)],
])('%s may have as many listeners as there are requests: Node does not warn of a leak', async (_, time) => {
  const warned: Error[] = []
  const note = (warning: Error) => warned.push(warning)
  process.on('warning', note)
  const { signal, end } = time.limit(ENDLESS_MS)
  for (let n = 0; n < 20; n += 1) signal.addEventListener('abort', () => undefined)
  await new Promise(setImmediate)
  process.off('warning', note)
  end()
  expect(warned).toEqual([])
})
