/*
 * What of undici the webhook needs, without its index, which loads `fetch`, WebSocket, caches and
 * mocks too. The version is pinned; undici declares no `exports`, and its types name only the index.
 */

declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici'

  export = Agent
}

declare module 'undici/lib/api/api-request.js' {
  import type { Dispatcher } from 'undici'

  function request(this: Dispatcher, options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>
  export = request
}
