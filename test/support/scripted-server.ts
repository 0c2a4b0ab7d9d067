import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { ServerCertificate } from '../../local/emulators/tls/local-authority.ts'
import { type ScriptedAnswer, status } from './scripted-answer.ts'
import { until } from './until.ts'

export interface RecordedRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** As it came over the wire. */
  readonly rawBody: Buffer
  /** After gunzip, where it was zipped. */
  readonly body: Buffer
}

/** A real HTTPS server on the loopback that answers by script. */
export interface ScriptedServer {
  /** `https://localhost:<port>` */
  readonly origin: string
  /** Wholly read requests in their order. */
  readonly requests: readonly RecordedRequest[]
  /** The next answers, one a request, in the order in which requests were read. */
  script(...answers: readonly ScriptedAnswer[]): void
  /** The answer to every request that no script is left for; 204 at first. */
  always(answer: ScriptedAnswer): void
  /** Answers by what is asked, before any script; `undefined`: by the script. */
  answering(choose: (request: RecordedRequest) => ScriptedAnswer | undefined): void
  /** Requests that are read and neither answered nor given up by the client. */
  open(): number
  /** Connections made so far. */
  connections(): number
  /** Bytes of bodies that drip or flood, so far. */
  bodyBytesSent(): number
  /** Resolves when so many requests have been read. */
  received(count: number): Promise<void>
  /** Forgets requests, scripts, choices and counts; connections stay. */
  forget(): void
  /** Cuts every connection, idle or not. */
  dropConnections(): void
  stop(): Promise<void>
}

const FLOOD_LIMIT_BYTES = 256_000_000
const FLOOD_CHUNK = Buffer.alloc(65_536, 'x')
const FLOOD_CHUNK_ZIPPED = gzipSync(Buffer.alloc(1_000_000, 'x'))

/**
 * @param certificate what the server shows: another authority's, or another host's, is a way to
 * misbehave
 */
export async function startScriptedServer(certificate: ServerCertificate): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = []
  const scripted: ScriptedAnswer[] = []
  const openResponses = new Set<ServerResponse>()
  let fallback = status(204)
  let choose: (request: RecordedRequest) => ScriptedAnswer | undefined = () => undefined
  let bodyBytesSent = 0
  let connections = 0

  function dripping(response: ServerResponse, text: string, counted: boolean): void {
    let at = 0
    const timer = setInterval(() => {
      response.socket?.write(text[at % text.length] ?? 'x')
      at += 1
      if (counted) bodyBytesSent += 1
    }, 2)
    response.on('close', () => clearInterval(timer))
  }

  async function flooding(response: ServerResponse, chunk: Buffer): Promise<void> {
    while (bodyBytesSent < FLOOD_LIMIT_BYTES && !response.destroyed) {
      bodyBytesSent += chunk.length
      if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')])
    }
    response.end()
  }

  function play(answer: ScriptedAnswer, body: string, response: ServerResponse): void {
    switch (answer.kind) {
      case 'status': {
        const text = typeof answer.body === 'string' ? answer.body : answer.body(body)
        response.writeHead(answer.status, answer.headers).end(text)
        return
      }
      case 'reset':
        response.socket?.destroy()
        return
      case 'hang':
        return
      case 'drip':
        if (answer.part === 'body') {
          response.socket?.write(`HTTP/1.1 ${answer.status} Scripted\r\ncontent-length: 1000000\r\n\r\n`)
          dripping(response, 'slowly', true)
        } else {
          dripping(response, `HTTP/1.1 ${answer.status} ${'Scripted '.repeat(1000)}`, false)
        }
        return
      case 'truncated':
        response.socket?.end(`HTTP/1.1 ${answer.status} Scripted\r\ncontent-length: 1000\r\n\r\n{"error":`)
        return
      case 'stalled':
        response.socket?.write(`HTTP/1.1 ${answer.status} Scripted\r\ncontent-length: 1000\r\n\r\n`)
        return
      case 'flood':
        response.writeHead(answer.status, answer.gzip ? { 'content-encoding': 'gzip' } : {})
        void flooding(response, answer.gzip ? FLOOD_CHUNK_ZIPPED : FLOOD_CHUNK)
        return
    }
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const rawBody = await buffer(request)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(rawBody) : rawBody
    const { method = '', url = '', headers } = request
    openResponses.add(response)
    response.on('close', () => openResponses.delete(response))
    response.on('finish', () => openResponses.delete(response))
    const recorded = { method, path: url, headers, rawBody, body }
    requests.push(recorded)
    play(choose(recorded) ?? scripted.shift() ?? fallback, body.toString(), response)
  }

  const server = createServer({ key: certificate.keyPem, cert: certificate.certPem }, (request, response) => {
    // A client that gives up while sending, or whose body does not unpack: neither is pending an
    // answer.
    take(request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => socket.on('error', () => undefined))
  server.on('secureConnection', (socket) => {
    connections += 1
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    script: (...answers) => {
      scripted.push(...answers)
    },
    always: (answer) => {
      fallback = answer
    },
    answering: (by) => {
      choose = by
    },
    open: () => openResponses.size,
    connections: () => connections,
    bodyBytesSent: () => bodyBytesSent,
    received: (count) =>
      until(
        () => requests.length >= count,
        20_000,
        () => `${count} requests; ${requests.length} came`,
      ),
    forget: () => {
      requests.length = 0
      scripted.length = 0
      bodyBytesSent = 0
      choose = () => undefined
    },
    dropConnections: () => server.closeAllConnections(),
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
