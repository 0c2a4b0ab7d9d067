import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { azuriteConnectionString, DEVELOPMENT_ACCOUNT } from '../../emulators/azurite/azurite-endpoints.ts'
import { startManagedIdentity } from '../../emulators/managed-identity/managed-identity.ts'
import { createLocalAuthority, LOCAL_HOSTS } from '../../emulators/tls/local-authority.ts'
import { hostEnvironment } from '../../stack/host-environment.ts'
import type { Received, ReceiversMessage } from './counts.ts'
import { IdCounter } from './id-counter.ts'

/** Where the floor sends, so that what it sends is not taken for the handler's. */
const FLOOR_PATH = '/floor/'

/** What each destination got of one sender, and how many other requests the storage answered. */
class Tally {
  readonly archive = new IdCounter('"eventId":"')
  readonly logAnalytics = new IdCounter('"EventId":"')
  readonly webhook = new IdCounter('"specversion":"1.0","id":"')
  otherRequests = 0

  count(): Received {
    const { archive, logAnalytics, webhook, otherRequests } = this
    return {
      counts: { archive: archive.count(), 'log-analytics': logAnalytics.count(), webhook: webhook.count() },
      otherRequests,
    }
  }
}

const handler = new Tally()
const floor = new Tally()
const tallyOf = ({ url = '' }: IncomingMessage): Tally => (url.startsWith(FLOOR_PATH) ? floor : handler)

type Take = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void

const listenerOf = (take: Take) => (request: IncomingMessage, response: ServerResponse) => {
  const blocks: Buffer[] = []
  request.on('data', (block: Buffer) => blocks.push(block))
  request.on('end', () => take(request, Buffer.concat(blocks), response))
  request.on('error', () => response.destroy())
}

/**
 * The storage operations that the program uses: counts blobs, accepts table rows, returns nothing
 * on reads.
 */
const storage: Take = (request, body, response) => {
  const { method, url = '' } = request
  const tally = tallyOf(request)
  const isArchive = method === 'PUT' && url.includes('/archive/')
  if (isArchive) tally.archive.take(body)
  else tally.otherRequests += 1
  const headers = {
    etag: '"0x1"',
    'x-ms-request-id': '0',
    date: new Date().toUTCString(),
    'last-modified': new Date().toUTCString(),
  }
  if (method === 'GET') {
    const empty = url.includes('()') ? '{"value":[]}' : '{"odata.error":{"code":"ResourceNotFound"}}'
    response
      .writeHead(url.includes('()') ? 200 : 404, { ...headers, 'content-type': 'application/json' })
      .end(empty)
    return
  }
  response.writeHead(url.includes('/settled') || url.includes('/outbox') ? 204 : 201, headers).end()
}

async function listen(server: ReturnType<typeof createHttp>): Promise<number> {
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const sendToParent = (message: ReceiversMessage): void => {
  process.send?.(message)
}

/**
 * The destinations of the bench, in a process of their own: answer at once, decompress and count ids
 * when asked.
 */
async function main(): Promise<void> {
  const authority = await createLocalAuthority()
  const { keyPem: key, certPem: cert } = await authority.issue(LOCAL_HOSTS)
  const counting =
    (counterOf: (tally: Tally) => IdCounter, status: number): Take =>
    (request, body, response) => {
      counterOf(tallyOf(request)).take(body)
      response.writeHead(status).end()
    }
  const [storagePort, logsPort, siemPort] = await Promise.all([
    listen(createHttp(listenerOf(storage))),
    listen(createHttps({ key, cert }, listenerOf(counting(({ logAnalytics }) => logAnalytics, 204)))),
    listen(createHttps({ key, cert }, listenerOf(counting(({ webhook }) => webhook, 200)))),
  ])
  const identity = await startManagedIdentity({
    header: randomBytes(16).toString('hex'),
    nowMs: () => Date.now(),
  })
  const folder = await mkdtemp(join(tmpdir(), 'risk-export-bench-'))
  const caFile = join(folder, 'ca.pem')
  await writeFile(caFile, authority.caPem)
  const storageUrl = `http://127.0.0.1:${storagePort}`
  const endpoint = `${storageUrl}/${DEVELOPMENT_ACCOUNT.name}`
  const connectionString = azuriteConnectionString(
    { blobUrl: endpoint, queueUrl: endpoint, tableUrl: endpoint },
    DEVELOPMENT_ACCOUNT.name,
  )
  const logsUrl = `https://localhost:${logsPort}`
  const webhookUrl = `https://localhost:${siemPort}`
  sendToParent({
    kind: 'listening',
    floorTargets: {
      archive: `${storageUrl}${FLOOR_PATH}archive/`,
      'log-analytics': `${logsUrl}${FLOOR_PATH}`,
      webhook: `${webhookUrl}${FLOOR_PATH}`,
      other: `${storageUrl}${FLOOR_PATH}`,
      caPem: authority.caPem,
    },
    environment: hostEnvironment({
      hub: {
        connectionString: () =>
          'Endpoint=sb://localhost/;SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true',
      },
      azurite: { connectionString },
      identity,
      ingestion: { url: logsUrl },
      graph: { url: 'https://graph.invalid' },
      siem: { url: `${webhookUrl}/` },
      secret: `whsec_${randomBytes(32).toString('base64')}`,
      caPem: authority.caPem,
      caFile,
    }),
  })
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    sendToParent({ kind: 'counts', ...handler.count(), floor: floor.count(), cpuMicros: user + system })
  })
  process.once('disconnect', () => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(0)
  })
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
