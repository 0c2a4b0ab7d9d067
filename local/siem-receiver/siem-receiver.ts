import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { LOCAL_HOSTS } from '../tls/local-authority.ts'
import { Gate } from './gate.ts'
import { Intake } from './intake.ts'
import type { KeptRequest } from './kept-requests.ts'
import { readBody } from './read-body.ts'
import type { SiemReceiverOptions } from './receiver-options.ts'
import { accept, type ReceiverStep } from './receiver-step.ts'
import type { Reply } from './siem-form.ts'

/** A SIEM on 127.0.0.1 that verifies, unpacks, parses, counts and misbehaves on demand. */
export interface SiemReceiver {
  /** Where events are POSTed. */
  readonly url: string
  /** POST requests read so far, stored or not. */
  requests(): number
  /** Events stored so far, duplicates included. */
  received(): number
  /** How often each event was stored. */
  eventIds(): ReadonlyMap<string, number>
  /** Genuine requests whose `webhook-id` had been stored before. */
  repeatedRequests(): number
  /** Why requests were refused, the latest hundred; scripted refusals are not among them. */
  refusals(): readonly string[]
  /** The latest stored requests. */
  kept(): readonly KeptRequest[]
  /** What to do with the next POST requests, one step each. */
  script(...steps: readonly ReceiverStep[]): void
  /** What to do with every request that no script is left for; `undefined`: accept. */
  always(step: ReceiverStep | undefined): void
  /** From now on requests are read and nothing more happens to them, until `thaw`; then all of them are served. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

interface Exchange {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: IncomingHttpHeaders
  }
  readonly response: ServerResponse
}

const send = (response: ServerResponse, { status, headers, body }: Reply): void => {
  response.writeHead(status, headers).end(body)
}

/** Starts the receiver. It shares nothing with whoever sends, so it may run in a process of its own. */
export async function startSiemReceiver(options: SiemReceiverOptions): Promise<SiemReceiver> {
  const intake = new Intake(options)
  const gate = new Gate()
  const scripted: ReceiverStep[] = []
  let standing: ReceiverStep = accept
  let requests = 0

  async function play(step: ReceiverStep, { request, response }: Exchange, body: Buffer): Promise<void> {
    switch (step.kind) {
      case 'accept':
        return send(response, await intake.store(request, body))
      case 'slow':
        await sleep(step.delayMs)
        return send(response, await intake.store(request, body))
      case 'refuse':
        return send(response, step)
      case 'hang':
        return
      case 'resetAfterStoring':
        await intake.store(request, body)
        response.socket?.destroy()
        return
      case 'resetBeforeStoring':
        response.socket?.destroy()
        return
    }
  }

  function showPage({ request, response }: Exchange): void {
    if (standing.kind === 'hang') return
    send(response, standing.kind === 'refuse' ? standing : (intake.form.page(request) ?? { status: 404 }))
  }

  async function take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming
    const request = { method, headers, path: new URL(url, 'https://localhost').pathname }
    const isDelivery = method === 'POST' && request.path === intake.form.path
    const body = await readBody(incoming)
    if (isDelivery) requests += 1
    await gate.pass()
    if (!isDelivery) return showPage({ request, response })
    if (!Buffer.isBuffer(body)) return send(response, intake.refused(body))
    await play(scripted.shift() ?? standing, { request, response }, body)
  }

  const { keyPem, certPem } = await options.authority.issue(LOCAL_HOSTS)
  const server = createServer({ key: keyPem, cert: certPem }, (incoming, response) => {
    // A sender that leaves in the middle is owed no answer; what cannot be stored is not accepted.
    take(incoming, response).catch(() => {
      if (response.headersSent || !incoming.complete) response.destroy()
      else send(response, intake.refused({ status: 500, reason: 'it could not be stored' }))
    })
  })
  server.on('connection', (socket) => socket.on('error', () => undefined))
  server.on('secureConnection', (socket) => socket.on('error', () => undefined))
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}${intake.form.path}`,
    requests: () => requests,
    received: () => intake.counter.received,
    eventIds: () => intake.counter.times,
    repeatedRequests: () => intake.counter.repeatedRequests,
    refusals: () => intake.refusals,
    kept: () => intake.kept.latest,
    script: (...steps) => {
      scripted.push(...steps)
    },
    always: (step) => {
      standing = step ?? accept
    },
    freeze: () => gate.shut(),
    thaw: () => gate.open(),
    stop: async () => {
      gate.open()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
