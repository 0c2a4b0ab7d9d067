import { type IncomingHttpHeaders, request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunningPage, startPage } from '../../../local/console/server.ts'
import type { IdentityState, StackState } from '../../../local/console/stack-state.ts'
import { MAX_MESSAGE_BYTES } from '../../../local/stack/feed/feed-message.ts'
import { archiveLines } from '../../support/archive-lines.ts'
import { riskyRecord, stateAfter } from '../../support/page-state.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

const KNOWN_IDENTITY = '0a0a0a0a-1b1b-4c2c-8d3d-4e4e4e4e4e4e'
const identity = (changes: Partial<IdentityState>): IdentityState => ({
  identityType: 'servicePrincipal',
  id: 'id',
  lastUpdatedAt: 0,
  source: 'riskyIdentity',
  ...changes,
})

let page: RunningPage
let state: StackState
let fed: { readonly body: string; readonly contentType: string }[]
let refusal: Error | undefined
let switched: string[]

beforeEach(async () => {
  state = stateAfter(archiveLines([riskyRecord()]))
  fed = []
  refusal = undefined
  switched = []
  page = await startPage({
    state: () => state,
    refreshMs: 10,
    feed: async (body, contentType) => {
      if (refusal !== undefined) throw refusal
      fed.push({ body: Buffer.from(body).toString(), contentType })
      return { messages: 1 }
    },
    identityPage: async (id) => (id === KNOWN_IDENTITY ? '<!doctype html><p>Somebody</p>' : undefined),
    behave(sink, behaviour) {
      switched.push(`${sink}: ${behaviour}`)
      return sink === 'webhook'
    },
  })
})
afterEach(() => page.stop())

const ask = (
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  body?: string | Buffer,
) =>
  new Promise<Answer>((resolve, reject) => {
    const asked = request(new URL(path, page.url), { method, headers, agent: false }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(parts).toString(),
        }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
const post = (contentType: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
  ask('/feed', { 'content-type': contentType, ...headers }, 'POST', body)

describe('the page server', () => {
  it('listens on the loopback address alone and serves the page with its files', async () => {
    expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect((await ask('/')).text).toContain('invoice-reader')
    expect((await ask('/page.css')).headers['content-type']).toBe('text/css; charset=utf-8')
    expect((await ask('/page.js')).text).toContain('EventSource')
    expect((await ask('/icon.svg')).headers['content-type']).toBe('image/svg+xml')
  })

  it('allows no script but its own file, no frame, and nothing from elsewhere', async () => {
    for (const path of ['/', '/state', '/page.js', '/nowhere']) {
      const { headers } = await ask(path)
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self';/,
      )
      expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:/)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['cache-control']).toBe('no-store')
    }
  })

  it('gives the state as JSON', async () => {
    expect(JSON.parse((await ask('/state')).text)).toEqual(JSON.parse(JSON.stringify(state)))
  })

  it('answers to no other name: a name that was made to resolve here is refused', async () => {
    const { port } = new URL(page.url)
    expect((await ask('/state', { host: `evil.example:${port}` })).status).toBe(421)
    expect((await ask('/state', { host: '127.0.0.1:1' })).status).toBe(421)
    expect((await ask('/state', { host: `localhost:${port}` })).status).toBe(200)
  })

  it('says so when the state cannot be told, and stays up', async () => {
    const told = state
    state = undefined as unknown as StackState
    expect((await ask('/')).status).toBe(500)
    state = told
    expect((await ask('/')).status).toBe(200)
  })

  it('knows its methods and paths', async () => {
    expect(await ask('/state', {}, 'DELETE')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
    expect(await ask('/feed')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
    expect(await ask('/../package.json')).toMatchObject({ status: 404 })
    expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, text: '' })
  })
})

describe('the page of an identity', () => {
  it('is found by its id, runs no script and loads nothing', async () => {
    const { status, text, headers } = await ask(`/identities/${encodeURIComponent(KNOWN_IDENTITY)}`)
    expect([status, text]).toEqual([200, '<!doctype html><p>Somebody</p>'])
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/)
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it.each(['/identities/', '/identities/nobody', '/identities/%E0%A4%A'])(
    'is not there: %s',
    async (path) => {
      expect(await ask(path)).toMatchObject({ status: 404, text: expect.stringContaining('no identity') })
    },
  )

  it('is linked from the list, but not of a person', async () => {
    state = {
      ...state,
      identities: [
        identity({ id: KNOWN_IDENTITY, displayName: 'payroll' }),
        identity({ identityType: 'user', id: 'somebody', displayName: 'Somebody' }),
      ],
    }
    const { text } = await ask('/')
    expect(text).toContain(`<a href="/identities/${encodeURIComponent(KNOWN_IDENTITY)}">payroll</a>`)
    expect(text).toContain('<span class="name">Somebody</span>')
  })
})

describe('POST /feed', () => {
  it('hands on the exact body and says how many messages it was', async () => {
    const answer = await post('application/json; charset=utf-8', '{ "records": [] }')
    expect(answer).toMatchObject({ status: 202, text: '{"messages":1}\n' })
    expect(fed).toEqual([{ body: '{ "records": [] }', contentType: 'application/json' }])
    expect((await post('application/octet-stream', '')).status).toBe(202)
  })

  it('takes only types that a page elsewhere cannot send unasked, and nothing that such a page sends', async () => {
    expect((await post('text/plain', '{}')).status).toBe(415)
    expect((await post('application/x-www-form-urlencoded', 'a=1')).status).toBe(415)
    expect((await post('application/json', '{}', { origin: 'http://evil.example' })).status).toBe(403)
    expect((await post('application/json', '{}', { origin: 'null' })).status).toBe(403)
    expect(fed).toEqual([])
    expect((await post('application/json', '{}', { origin: page.url.slice(0, -1) })).status).toBe(202)
  })

  it('says that there is nothing in what is empty, and takes an empty message for one', async () => {
    const answer = await post('application/json', '')
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      { problem: 'The body is empty. Send a record, or an envelope of records.' },
    ])
    expect(fed).toEqual([])
    expect((await post('application/octet-stream', '')).status).toBe(202)
  })

  it('takes as much as a hub takes and no more, announced or not', async () => {
    const most = Buffer.alloc(MAX_MESSAGE_BYTES, 0x20)
    const tooMuch = Buffer.alloc(MAX_MESSAGE_BYTES + 1, 0x20)
    expect((await post('application/json', most)).status).toBe(202)
    expect((await post('application/json', tooMuch)).status).toBe(413)
    expect((await post('application/json', tooMuch, { 'transfer-encoding': 'chunked' })).status).toBe(413)
    expect(fed).toHaveLength(1)
  })

  it('says why the hub did not take it', async () => {
    refusal = new Error('the link was detached')
    expect(await post('application/json', '{}')).toMatchObject({
      status: 503,
      text: '{"problem":"The hub did not take it: the link was detached"}\n',
    })
  })
})

describe('POST /sinks/<name>', () => {
  const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
    ask(path, { 'content-type': 'application/json', ...headers }, 'POST', body)

  it('switches how an emulated receiver behaves', async () => {
    expect(await post('/sinks/webhook', '{"behaviour":"down"}')).toMatchObject({
      status: 200,
      text: '{"sink":"webhook","behaviour":"down"}\n',
    })
    expect(switched).toEqual(['webhook: down'])
    expect((await post('/sinks/elsewhere', '{"behaviour":"down"}')).status).toBe(404)
  })

  it('takes nothing that a page elsewhere sends, and only what names a behaviour', async () => {
    const down = '{"behaviour":"down"}'
    expect((await post('/sinks/webhook', down, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await post('/sinks/webhook', down, { origin: 'null' })).status).toBe(403)
    expect((await post('/sinks/webhook', down, { host: 'evil.example' })).status).toBe(421)
    expect((await post('/sinks/webhook', down, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post('/sinks/webhook', down.padEnd(201))).status).toBe(413)
    for (const body of ['', '{', 'null', '{"behaviour":"on fire"}', '{"behaviour":1}'])
      expect((await post('/sinks/webhook', body)).status).toBe(400)
    expect(await ask('/sinks/webhook')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
    expect(switched).toEqual([])
    expect((await post('/sinks/webhook', down, { origin: page.url.slice(0, -1) })).status).toBe(200)
  })
})

describe('live updates', () => {
  const events = async (until: (text: string) => boolean): Promise<string> => {
    const response = await fetch(new URL('/events', page.url))
    let text = ''
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part
      if (until(text)) break
    }
    return text
  }

  it('bring everything at first, then what changed', async () => {
    const text = await events((soFar) => {
      if (soFar.includes('event: panels'))
        state = stateAfter(archiveLines([riskyRecord(), riskyRecord({ riskLevel: 'low' })]))
      return soFar.includes('event: moved')
    })
    const [first, second] = [...text.matchAll(/^event: panels\ndata: (.*)$/gm)].map(([, data]) =>
      JSON.parse(data ?? ''),
    )
    expect(Object.keys(first)).toEqual([
      'status',
      'flow',
      'switches',
      'identities',
      'detections',
      'ledger',
      'events',
      'faults',
    ])
    expect(Object.keys(second)).toEqual(['flow', 'identities', 'ledger', 'events'])
    expect(second.ledger).toContain('<b>2</b> events')
  })

  it('are kept for a bounded number of readers', async () => {
    const aborts = Array.from({ length: 16 }, () => new AbortController())
    const url = new URL('/events', page.url)
    await Promise.all(aborts.map(({ signal }) => fetch(url, { signal })))
    expect((await fetch(url)).status).toBe(503)
    for (const abort of aborts) abort.abort()
  })

  it('end when the page stops', async () => {
    const response = await fetch(new URL('/events', page.url))
    const reading = response.text().then(
      () => 'ended',
      () => 'cut',
    )
    await page.stop()
    expect(['ended', 'cut']).toContain(await reading)
    await expect(fetch(page.url)).rejects.toThrow('fetch failed')
    page = { url: '', stop: () => Promise.resolve() }
  })
})
