import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DEVELOPMENT_ACCOUNT } from '../../emulators/azurite/azurite-endpoints.ts'
import { LeanTables } from './lean-tables.ts'

const tables = new LeanTables()
const blobs = new Map<string, Buffer>()

const TABLES = '/tables'
const LAST_MODIFIED = 'Sun, 01 Mar 2026 09:00:00 GMT'

function answerBlob({ method, url = '' }: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const headers = { etag: '"0x1"', 'last-modified': LAST_MODIFIED, 'x-ms-request-id': '0' }
  if (method === 'PUT') {
    blobs.set(url, body)
    response.writeHead(201, headers).end()
    return
  }
  const blob = blobs.get(url)
  if (blob === undefined) response.writeHead(404, { 'x-ms-error-code': 'BlobNotFound' }).end()
  else
    response
      .writeHead(200, { ...headers, 'content-type': 'application/gzip', 'content-length': blob.byteLength })
      .end(method === 'HEAD' ? undefined : blob)
}

function answerTable(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { method = '', url = '' } = request
  const ifMatch = request.headers['if-match']
  const answer = tables.answer({ method, path: url, ifMatch, body: body.toString() })
  response.writeHead(answer.status, { ...answer.headers }).end(answer.body)
}

/**
 * A storage that takes next to no time: what it answers, a drain and its floor wait for. Blobs and
 * tables in memory, one process of their own, with none of the checks of a real one.
 */
async function main(): Promise<void> {
  const server = createServer((request, response) => {
    const blocks: Buffer[] = []
    request.on('data', (block: Buffer) => blocks.push(block))
    request.on('end', () => {
      const answer = request.url?.startsWith(TABLES) === true ? answerTable : answerBlob
      answer(request, Buffer.concat(blocks), response)
    })
    request.on('error', () => response.destroy())
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const account = DEVELOPMENT_ACCOUNT.name
  process.send?.({ blobUrl: `${origin}/${account}`, tableUrl: `${origin}${TABLES}/${account}` })
}

await main()
