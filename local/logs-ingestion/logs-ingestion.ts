import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonObject } from '../../shared/domain/json.ts'
import { Gate } from '../siem-receiver/gate.ts'
import { accept, type ReceiverStep } from '../siem-receiver/receiver-step.ts'
import type { Reply } from '../siem-receiver/siem-form.ts'
import { LOCAL_HOSTS } from '../tls/local-authority.ts'
import type { RequestHead } from './front-desk.ts'
import type { LogsIngestionOptions } from './ingestion-options.ts'
import { Intake } from './intake.ts'
import { readPayload } from './read-payload.ts'
import type { ServiceError } from './service-error.ts'

/** The Logs Ingestion API on 127.0.0.1: it checks, stores and counts rows, and misbehaves on demand. */
export interface LogsIngestion {
  /** The app's LOGS_INGESTION_ENDPOINT. */
  readonly url: string
  /** Requests read so far, stored or not. */
  requests(): number
  /** Rows stored so far, duplicates included. */
  received(): number
  /** Rows stored so far in each table. */
  counts(): ReadonlyMap<string, number>
  /** The latest rows of a table, in the order in which they landed. */
  rows(table: string): readonly JsonObject[]
  /** How often each event was stored, over all tables. */
  eventIds(): ReadonlyMap<string, number>
  /** Why requests were refused, the latest hundred; scripted refusals are not among them. */
  refusals(): readonly string[]
  /** What to do with the next requests, one step each. */
  script(...steps: readonly ReceiverStep[]): void
  /** What to do with every request that no script is left for; `undefined`: accept. */
  always(step: ReceiverStep | undefined): void
  /** From now on requests are read and nothing more happens to them, until `thaw`; then all of them are served. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

interface Exchange {
  readonly request: RequestHead
  /** After gunzip, or why there is none. */
  readonly payload: Buffer | ServiceError
  readonly response: ServerResponse
}

const send = (response: ServerResponse, { status, headers, body }: Reply): void => {
  response.writeHead(status, headers).end(body)
}

/** Starts the endpoint. It shares nothing with whoever sends, so it may run in a process of its own. */
export async function startLogsIngestion(options: LogsIngestionOptions): Promise<LogsIngestion> {
  const intake = new Intake(options)
  const gate = new Gate()
  const scripted: ReceiverStep[] = []
  let standing: ReceiverStep = accept
  let requests = 0

  async function play(step: ReceiverStep, { request, payload, response }: Exchange): Promise<void> {
    switch (step.kind) {
      case 'accept':
        return send(response, await intake.take(request, payload))
      case 'slow':
        await sleep(step.delayMs)
        return send(response, await intake.take(request, payload))
      case 'refuse':
        return send(response, step)
      case 'hang':
        return
      case 'resetAfterStoring':
        await intake.take(request, payload)
        response.socket?.destroy()
        return
      case 'resetBeforeStoring':
        response.socket?.destroy()
        return
    }
  }

  async function take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming
    const payload = await readPayload(incoming)
    requests += 1
    await gate.pass()
    await play(scripted.shift() ?? standing, { request: { method, url, headers }, payload, response })
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
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    received: () => [...intake.store.counts.values()].reduce((sum, count) => sum + count, 0),
    counts: () => intake.store.counts,
    rows: (table) => intake.store.latest(table),
    eventIds: () => intake.store.eventIds,
    refusals: () => intake.refusals,
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
