import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { AzureClients } from '../../shared/azure/azure-clients.ts'
import { azureClients } from '../../shared/composition/azure-clients.ts'
import { managedIdentity } from '../../shared/composition/managed-identity.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'

/** Two waits at most, and the time that a busy machine takes. */
const SOON_MS = 20_000

const FORMS: readonly Readonly<Record<string, string | string[]>>[] = [
  { 'retry-after': '3600' },
  { 'retry-after': '99999999999999999999' },
  { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' },
  { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' },
  { 'retry-after': '-5' },
  { 'retry-after': '0.5' },
  { 'retry-after': 'soon' },
  { 'retry-after': ['1', '3600'] },
  { 'retry-after-ms': '3600000' },
  { 'x-ms-retry-after-ms': '3600000' },
  { 'x-ms-retry-after-ms': '-1', 'retry-after': '3600' },
  { 'retry-after-ms': 'Infinity' },
  {},
]

/** A service that has no time, and says how long not: its path says in which form. */
let server: Server
beforeAll(async () => {
  server = createServer((request, response) => {
    const [, form = '0', status = '503'] = /\/f(\d+)s(\d+)\//.exec(request.url ?? '') ?? []
    request.resume().on('end', () => response.writeHead(Number(status), FORMS[Number(form)]).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}/f0s429/token`)
  vi.stubEnv('IDENTITY_HEADER', 'header')
})
afterAll(() => {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  server.close()
})

function clients(path: string): AzureClients {
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`
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
  return azureClients(settings, () => Promise.reject(new Error('No credential is needed here.')), systemTime)
}

const failed = (call: Promise<unknown>): Promise<string> =>
  Promise.race([
    call.then(
      () => 'it was answered',
      () => 'failed',
    ),
    systemTime.sleep(SOON_MS).then(() => 'it waits'),
  ])

const CALLS: readonly (readonly [string, (of: AzureClients) => Promise<unknown>])[] = [
  ['a table', async (of) => (await of.table('settled')).getEntity('a', 'b')],
  [
    'a table that is written',
    async (of) => (await of.table('outbox')).createEntity({ partitionKey: 'a', rowKey: 'b' }),
  ],
  ['blobs', async (of) => (await of.container('archive')).getBlockBlobClient('b').upload('text', 4)],
  ['a queue', async (of) => (await of.queue('outbox-wake-up')).sendMessage('text')],
]

it.concurrent.each(CALLS)(
  'nobody waits for long on the word of %s, in whatever form',
  async (_, call) => {
    const asked = FORMS.flatMap((__, form) => [503, 429].map((status) => `f${form}s${status}`))
    const outcomes = await Promise.all(asked.map((path) => failed(call(clients(path)))))
    expect(asked.filter((__, n) => outcomes[n] !== 'failed')).toEqual([])
  },
  SOON_MS * 2,
)

it.concurrent(
  'nor because the endpoint of the managed identity does',
  async () => {
    const credential = await managedIdentity('22222222-2222-4333-8444-555555555555', systemTime)
    expect(await failed(credential.getToken('https://storage.azure.com/.default'))).toBe('failed')
  },
  SOON_MS * 2,
)
