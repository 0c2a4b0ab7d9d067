import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerJson, answerText, SELF_CONTAINED } from './answer.ts'
import type { Asset } from './assets.ts'
import { feedRoute, type SendFeed } from './feed-route.ts'
import type { IdentityPage } from './identity-page.ts'
import type { LiveUpdates } from './live-updates.ts'
import { guardRequest } from './request-guard.ts'
import type { StackState } from './stack-state.ts'
import { type Behave, switchRoute } from './switch-route.ts'
import { pageView } from './view/page-view.ts'

/** What the routes serve. */
export interface Site {
  readonly state: () => StackState
  readonly feed: SendFeed
  readonly behave: Behave
  readonly identityPage: IdentityPage
  readonly live: LiveUpdates
  readonly assets: ReadonlyMap<string, Asset>
  /** With a slash at the end. */
  readonly url: string
  readonly port: number
}

const HTML = 'text/html; charset=utf-8'
const IDENTITIES = '/identities/'

/** Answers one request. Rejects only if the connection breaks. */
export async function route(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = guardRequest(request, site.port)
  if (refusal !== undefined) {
    answerJson(response, refusal.status, { problem: refusal.problem })
    return
  }
  const path = request.url?.split('?', 1)[0] ?? '/'
  const sink = /^\/sinks\/([a-z0-9-]{1,40})$/.exec(path)?.[1]
  if (path === '/feed' || sink !== undefined) {
    if (request.method !== 'POST') wrongMethod(response, 'POST')
    else if (sink === undefined) await feedRoute(request, response, site.feed)
    else await switchRoute(request, response, sink, site.behave)
    return
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') wrongMethod(response, 'GET, HEAD')
  else if (path.startsWith(IDENTITIES)) await identity(site, path.slice(IDENTITIES.length), response)
  else read(site, path, response)
}

function read({ state, live, assets, url }: Site, path: string, response: ServerResponse): void {
  const asset = assets.get(path)
  if (asset !== undefined) answerText(response, 200, asset.contentType, asset.text)
  else if (path === '/') answerText(response, 200, HTML, pageView(state(), url))
  else if (path === '/state') answerJson(response, 200, state())
  else if (path === '/events') live.open(response)
  else
    answerJson(response, 404, {
      problem:
        'There is no such page. Try /, /state, /events, /identities/ID, POST /feed or POST /sinks/NAME.',
    })
}

/** @param encoded the identity's object id */
async function identity({ identityPage }: Site, encoded: string, response: ServerResponse): Promise<void> {
  const id = decoded(encoded)
  const page = id === undefined ? undefined : await identityPage(id)
  if (page === undefined) answerJson(response, 404, { problem: 'The archive has no identity with this id.' })
  else answerText(response, 200, HTML, page, SELF_CONTAINED)
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function wrongMethod(response: ServerResponse, allowed: string): void {
  response.setHeader('allow', allowed)
  answerJson(response, 405, { problem: `Use ${allowed} here.` })
}
