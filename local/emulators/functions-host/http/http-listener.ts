import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { readBody } from '../../http/read-body.ts'
import type { RegisteredFunction } from '../core/core-api.ts'
import { parseThrown } from '../core/parse-thrown.ts'
import type { HostContext } from '../host-context.ts'
import { createInFlight, type Listener } from '../listener.ts'
import type { Trigger } from '../parse-trigger.ts'
import { carriesKey } from './function-key.ts'
import { functionAnswer, type HttpAnswer, plainAnswer } from './http-answer.ts'
import { httpInput } from './http-input.ts'
import { matchRoute, parseRoute, type Route } from './route.ts'

/** A function with an HTTP trigger. */
export interface HttpFunction {
  readonly registered: RegisteredFunction
  readonly trigger: Extract<Trigger, { readonly type: 'http' }>
}

export interface HttpListener extends Listener {
  /** Base URL of the functions, with route prefix, without a trailing slash. */
  readonly url: string
}

/** Azure's gateway times out after 230 s; a local request that takes as long is stuck. */
const REQUEST_TIMEOUT_MS = 230_000

/**
 * Serves HTTP functions on 127.0.0.1, by default on a free port. Functions that are not anonymous
 * require the host's key. Answers 404 without a route, 405 for another method, 401 without the key,
 * 413 for a body over the limit.
 */
export async function startHttpListener(
  context: HostContext,
  functions: readonly HttpFunction[],
  functionKey: string,
  port: number,
): Promise<HttpListener> {
  const prefix = context.config.http.routePrefix
  const routes = functions
    .map((served) => ({
      ...served,
      route: parseRoute(prefix === '' ? served.trigger.route : `${prefix}/${served.trigger.route}`),
    }))
    .sort((a, b) => b.route.fixedSegments - a.route.fixedSegments)
  const inFlight = createInFlight()

  async function answer(request: IncomingMessage): Promise<HttpAnswer> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`)
    const found = findFunction(routes, url.pathname, request.method ?? 'GET')
    if (typeof found === 'number') return plainAnswer(found)
    const { registered, trigger } = found.served
    if (trigger.authLevel !== 'anonymous' && !carriesKey(request, url, functionKey)) return plainAnswer(401)
    const body = await readBody(request, context.tuning.maxHttpBodyBytes)
    if (body === undefined) return plainAnswer(413)
    return functionAnswer(await context.invoke(registered, httpInput(request, url, found.parameters, body)))
  }

  const server = createServer((request, response) => {
    void inFlight.run(async () => {
      const { status, headers, body } = await answer(request).catch((thrown) => {
        const message = `A request could not be read. ${parseThrown(thrown).message}`
        context.log({ level: 'warning', category: 'host', message })
        return plainAnswer(400)
      })
      // The unread rest of a refused body would be parsed as the next request of this connection.
      if (!request.complete) response.shouldKeepAlive = false
      response.writeHead(status, headers).end(body)
    })
  })
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The HTTP server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}${prefix === '' ? '' : `/${prefix}`}`,
    async stop() {
      server.close()
      await inFlight.settled()
      server.closeIdleConnections()
    },
    async close() {
      server.closeAllConnections()
    },
  }
}

interface ServedFunction extends HttpFunction {
  readonly route: Route
}

function findFunction(routes: readonly ServedFunction[], path: string, method: string) {
  let status = 404
  for (const served of routes) {
    const parameters = matchRoute(served.route, path)
    if (parameters === undefined) continue
    if (served.trigger.methods.includes(method)) return { served, parameters }
    status = 405
  }
  return status
}
