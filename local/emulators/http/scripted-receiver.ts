import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { LOCAL_HOSTS, type LocalAuthority } from '../tls/local-authority.ts'
import { Pause } from './pause.ts'
import { accept, type ReceiverStep } from './receiver-step.ts'
import type { Exchange, ReceivingService } from './receiving-service.ts'
import { sendReply } from './reply.ts'

/** An HTTPS server on 127.0.0.1 that misbehaves on demand. */
export interface ScriptedReceiver {
  /** Deliveries read so far, stored or not. */
  requests(): number
  /** Handles the next deliveries, one step each. */
  script(...steps: readonly ReceiverStep[]): void
  /** Handles every request without a scripted step; `undefined`: accept. */
  always(step: ReceiverStep | undefined): void
  /** Reads requests but does nothing with them until `thaw`, which serves them all. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

interface Listening {
  readonly authority: LocalAuthority
  /** Default: a free port. */
  readonly port?: number
}

/** Whether the whole answer was sent; call before anything can end the exchange. */
const isAnswered = (response: ServerResponse): Promise<boolean> =>
  new Promise((resolve) => {
    const { socket } = response
    // This event and `writableFinished` also occur on a closed connection with unwritten data.
    response.once('finish', () => resolve(socket?.destroyed === false))
    response.once('close', () => resolve(false))
  })

/** Starts a receiver. It shares no state with the sender, so it may run in another process. */
export async function startScriptedReceiver<Body>(
  service: ReceivingService<Body>,
  { authority, port }: Listening,
): Promise<ScriptedReceiver & { readonly origin: string }> {
  const pause = new Pause()
  const scripted: ReceiverStep[] = []
  let standing: ReceiverStep = accept
  let requests = 0

  async function play(step: ReceiverStep, exchange: Exchange, body: Body, response: ServerResponse) {
    switch (step.kind) {
      case 'accept':
        return sendReply(response, await service.handle(exchange, body))
      case 'slow':
        await sleep(step.delayMs)
        return sendReply(response, await service.handle(exchange, body))
      case 'refuse':
        return sendReply(response, step)
      case 'hang':
        return
      case 'resetAfterStoring':
        await service.handle(exchange, body)
        response.socket?.destroy()
        return
      case 'resetBeforeStoring':
        response.socket?.destroy()
        return
    }
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming
    const exchange = { method, url, headers, answered: isAnswered(response) }
    const body = await service.read(incoming)
    const isDelivery = service.isDelivery(exchange)
    if (isDelivery) requests += 1
    await pause.over()
    if (isDelivery) return play(scripted.shift() ?? standing, exchange, body, response)
    if (standing.kind === 'hang') return
    if (standing.kind === 'resetBeforeStoring') {
      response.socket?.destroy()
      return
    }
    sendReply(response, standing.kind === 'refuse' ? standing : (service.page(exchange) ?? { status: 404 }))
  }

  const { keyPem, certPem } = await authority.issue(LOCAL_HOSTS)
  const server = createServer({ key: keyPem, cert: certPem }, (incoming, response) => {
    // A sender that has disconnected gets no answer; what cannot be stored is not accepted.
    serve(incoming, response).catch(() => {
      if (response.headersSent || !incoming.complete) response.destroy()
      else sendReply(response, service.refused({ status: 500, reason: 'it could not be stored' }))
    })
  })
  server.on('connection', (socket) => socket.on('error', () => undefined))
  server.on('secureConnection', (socket) => socket.on('error', () => undefined))
  server.listen(port ?? 0, '127.0.0.1')
  await once(server, 'listening')

  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    script: (...steps) => {
      scripted.push(...steps)
    },
    always: (step) => {
      standing = step ?? accept
    },
    freeze: () => pause.begin(),
    thaw: () => pause.end(),
    stop: async () => {
      pause.end()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
