import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { azuriteConnectionString } from '../../emulators/azurite/azurite-endpoints.ts'
import { startManagedIdentity } from '../../emulators/managed-identity/managed-identity.ts'
import { createLocalAuthority, LOCAL_HOSTS } from '../../emulators/tls/local-authority.ts'
import { hostEnvironment } from '../../stack/host-environment.ts'
import type { DestinationCounts, ReceiversNews } from './counts.ts'

/** Decompresses requests and counts distinct event ids, independently of the sender. */
class Counter {
  readonly #ids = new Set<number>()
  readonly #prefix: string
  #requests = 0
  #wireBytes = 0

  /** @param prefix text before an id in this destination's format */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  take(body: Buffer): void {
    this.#requests += 1
    this.#wireBytes += body.byteLength
    const text = gunzipSync(body).toString('latin1')
    for (let at = text.indexOf(this.#prefix); at !== -1; at = text.indexOf(this.#prefix, at + 1)) {
      const start = at + this.#prefix.length
      // As a number: a slice would keep the whole text in memory, and 52 bits distinguish millions
      // of ids.
      this.#ids.add(Number.parseInt(text.slice(start, start + 13), 16))
    }
  }

  get counts(): DestinationCounts {
    return { distinct: this.#ids.size, requests: this.#requests, wireBytes: this.#wireBytes }
  }
}

const archive = new Counter('"eventId":"')
const logAnalytics = new Counter('"EventId":"')
const webhook = new Counter('"specversion":"1.0","id":"')

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const blocks: Buffer[] = []
  for await (const block of request) blocks.push(block as Buffer)
  return Buffer.concat(blocks)
}

type Take = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void

const listenerOf = (take: Take) => (request: IncomingMessage, response: ServerResponse) => {
  bodyOf(request).then(
    (body) => take(request, body, response),
    () => response.destroy(),
  )
}

/**
 * The storage operations that the program uses: counts blobs, accepts table rows, returns nothing
 * on reads.
 */
const storage: Take = ({ method, url = '' }, body, response) => {
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
  if (url.includes('/archive/')) archive.take(body)
  response.writeHead(url.includes('/settled') || url.includes('/outbox') ? 204 : 201, headers).end()
}

async function listen(server: ReturnType<typeof createHttp>): Promise<number> {
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const tell = (news: ReceiversNews): void => {
  process.send?.(news)
}

/**
 * The destinations of the bench, in a process of their own: decompress, count ids, answer at once.
 */
async function main(): Promise<void> {
  const authority = await createLocalAuthority()
  const { keyPem: key, certPem: cert } = await authority.issue(LOCAL_HOSTS)
  const counting =
    (counter: Counter, status: number): Take =>
    (_, body, response) => {
      counter.take(body)
      response.writeHead(status).end()
    }
  const [storagePort, logsPort, siemPort] = await Promise.all([
    listen(createHttp(listenerOf(storage))),
    listen(createHttps({ key, cert }, listenerOf(counting(logAnalytics, 204)))),
    listen(createHttps({ key, cert }, listenerOf(counting(webhook, 200)))),
  ])
  const identity = await startManagedIdentity({
    header: randomBytes(16).toString('hex'),
    nowMs: () => Date.now(),
  })
  const caFile = join(await mkdtemp(join(tmpdir(), 'risk-export-bench-')), 'ca.pem')
  await writeFile(caFile, authority.caPem)
  const endpoint = `http://127.0.0.1:${storagePort}/devstoreaccount1`
  const connectionString = azuriteConnectionString({
    blobUrl: endpoint,
    queueUrl: endpoint,
    tableUrl: endpoint,
  })
  tell({
    kind: 'listening',
    environment: hostEnvironment({
      hub: {
        connectionString: () =>
          'Endpoint=sb://localhost/;SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true',
      },
      azurite: { connectionString },
      identity,
      ingestion: { url: `https://localhost:${logsPort}` },
      siem: { url: `https://localhost:${siemPort}/` },
      secret: `whsec_${randomBytes(32).toString('base64')}`,
      caPem: authority.caPem,
      caFile,
    }),
  })
  process.on('message', () =>
    tell({
      kind: 'counts',
      counts: { archive: archive.counts, 'log-analytics': logAnalytics.counts, webhook: webhook.counts },
    }),
  )
  process.once('disconnect', () => process.exit(0))
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
