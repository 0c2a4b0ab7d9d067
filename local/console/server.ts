import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerJson } from './answer.ts'
import { loadAssets } from './assets.ts'
import type { SendFeed } from './feed-route.ts'
import type { IdentityPage } from './identity-page.ts'
import { LiveUpdates } from './live-updates.ts'
import { route } from './routes.ts'
import type { StackState } from './stack-state.ts'
import type { Behave } from './switch-route.ts'

export interface PageOptions {
  /** The current figures; called at most once per page view and per `refreshMs`. */
  readonly state: () => StackState
  readonly feed: SendFeed
  readonly behave: Behave
  readonly identityPage: IdentityPage
  /** Default 0: any free port. */
  readonly port?: number
  /** Update interval of open pages; default 1,000. */
  readonly refreshMs?: number
}

/** A page that is being served. */
export interface RunningPage {
  /** `http://127.0.0.1:<port>/` */
  readonly url: string
  /** Also closes open connections. */
  stop(): Promise<void>
}

/**
 * Serves the page on 127.0.0.1 only, under no other name: `/`, `/state` (JSON), `/events`
 * (server-sent), `/identities/<id>`, `POST /feed`, `POST /sinks/<name>`.
 * @throws the system's error if the port is taken
 */
export async function startPage({
  state,
  feed,
  behave,
  identityPage,
  port = 0,
  refreshMs = 1_000,
}: PageOptions): Promise<RunningPage> {
  const live = new LiveUpdates(state)
  const assets = loadAssets()
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 })
  server.maxConnections = 64
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  const url = `http://127.0.0.1:${address.port}/`
  const site = { state, feed, behave, identityPage, live, assets, url, port: address.port }
  server.on('request', (request, response) => {
    route(site, request, response).catch((cause: unknown) => {
      // No answer for a client that has hung up; anything else is our mistake.
      if (request.destroyed || response.headersSent) response.destroy()
      else answerJson(response, 500, { problem: `Making the answer: ${String(cause)}` })
    })
  })
  const timer = setInterval(() => live.tick(), refreshMs)
  return {
    url,
    async stop() {
      clearInterval(timer)
      live.close()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
