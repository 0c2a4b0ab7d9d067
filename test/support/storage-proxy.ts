import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** Something that stands before a storage: hands on what it is asked, or answers in its place. */
export interface StorageProxy {
  /** To be put in the place of the service's own URL. */
  readonly origin: string
  /** Methods and paths of what it was asked, in their order. */
  readonly asked: readonly string[]
  /**
   * Answers the next requests of this method in the storage's place; `undefined`: hands them on.
   */
  answers(method: string, answer: ProxyAnswer | undefined): void
  /**
   * Refuses to write again what was written through here, as an immutability policy does.
   * @param isProtected of which paths; `undefined`: of none
   */
  protects(isProtected: ((path: string) => boolean) | undefined): void
  stop(): Promise<void>
}

export interface ProxyAnswer {
  readonly status: number
  /** Of the storage's errors. */
  readonly code: string
}

const IMMUTABLE: ProxyAnswer = { status: 409, code: 'BlobImmutableDueToPolicy' }

export async function startStorageProxy(serviceUrl: string): Promise<StorageProxy> {
  const service = new URL(serviceUrl)
  const asked: string[] = []
  const answers = new Map<string, ProxyAnswer>()
  const written = new Set<string>()
  let protectedPath: ((path: string) => boolean) | undefined

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming
    const body = await buffer(incoming)
    const { pathname, search } = new URL(url, service)
    asked.push(`${method} ${pathname}`)
    const isWrite = method === 'PUT' && search === ''
    const isKept = isWrite && written.has(pathname) && protectedPath?.(pathname) === true
    const answer = isKept ? IMMUTABLE : answers.get(method)
    if (answer !== undefined) {
      response.writeHead(answer.status, { 'x-ms-error-code': answer.code, 'content-type': 'application/xml' })
      response.end(method === 'HEAD' ? '' : `<?xml version="1.0"?><Error><Code>${answer.code}</Code></Error>`)
      return
    }
    const onward = request({ host: service.hostname, port: service.port, method, path: url, headers })
    onward.end(body)
    const [reply] = (await once(onward, 'response')) as [IncomingMessage]
    if (isWrite && reply.statusCode === 201) written.add(pathname)
    response.writeHead(reply.statusCode ?? 500, reply.headers)
    reply.pipe(response)
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answers: (method, answer) => {
      if (answer === undefined) answers.delete(method)
      else answers.set(method, answer)
    },
    protects: (isProtected) => {
      protectedPath = isProtected
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
