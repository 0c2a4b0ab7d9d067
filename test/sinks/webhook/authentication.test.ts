import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createLocalAuthority } from '../../../local/emulators/tls/local-authority.ts'
import { webhookDestination } from '../../../shared/composition/webhook-destination.ts'
import { readSettings } from '../../../shared/config/parse-settings.ts'
import { webhookSink } from '../../../shared/sinks/webhook/sink.ts'
import { smallBatch } from '../../contract/sink-fixture.ts'
import { status } from '../../support/scripted-answer.ts'
import { receiver } from './receiver.ts'
import { never, SECRET, webhook } from './webhook-under-test.ts'

const { server, caPem, certificate } = receiver()

const APP = {
  ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  EVENT_HUB_NAME: 'entra-risk',
  EventHub__fullyQualifiedNamespace: 'evhns-risk.servicebus.windows.net',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  ARCHIVE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
}

/** The sink that these settings of the webhook make, with the tokens that Entra ID gives in turn. */
function sinkOf(settings: Readonly<Record<string, string>>, ...tokens: readonly string[]) {
  const asked: unknown[] = []
  const [found] = readSettings({
    ...APP,
    WEBHOOK_URL: `${server().origin}/in`,
    WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true',
    WEBHOOK_CA_PEM: caPem(),
    ...settings,
  }).webhooks
  if (found === undefined || found.problems !== undefined) throw new Error(found?.problems.join())
  const credential = async () => ({
    getToken: async (scope: string | string[], options?: { claims?: string }) => {
      asked.push([scope, options?.claims])
      const token = tokens[Math.min(asked.length, tokens.length) - 1]
      return token === undefined ? null : { token, expiresOnTimestamp: 0 }
    },
  })
  const sink = webhookSink(webhookDestination(found, credential, { now: () => Date.now() }))
  onTestFinished(() => sink.close())
  return { sink, asked }
}

const authorizations = () => server().requests.map(({ headers }) => headers.authorization)

describe('a receiver is shown who sends', () => {
  test.each([
    ['bearer', 'authorization', 'Bearer a:b'],
    ['api-key', 'authorization', 'ApiKey a:b'],
    ['splunk', 'authorization', 'Splunk a:b'],
    ['basic', 'authorization', `Basic ${Buffer.from('a:b').toString('base64')}`],
    ['header', 'x-webhook-access-key', 'a:b'],
  ])('by %s', async (WEBHOOK_AUTH, header, value) => {
    const { sink } = sinkOf({
      WEBHOOK_AUTH,
      WEBHOOK_TOKEN: 'a:b',
      WEBHOOK_TOKEN_HEADER: 'X-Webhook-Access-Key',
    })
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'delivered' })
    expect(await sink.check(never)).toBeUndefined()
    for (const { headers } of server().requests) {
      expect(headers[header]).toBe(value)
      expect(headers['webhook-signature']).toBeUndefined()
    }
    expect(server().requests).toHaveLength(2)
  })

  test('by a signature beside a token, if there is a secret', async () => {
    const { sink } = sinkOf({ WEBHOOK_AUTH: 'bearer', WEBHOOK_TOKEN: 't', WEBHOOK_SECRET: SECRET })
    await sink.deliver(smallBatch(sink), never)
    expect(server().requests[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      'webhook-signature': expect.stringMatching(/^v1,/),
    })
  })

  test('by nothing, where the URL is the secret; the request still has an id', async () => {
    const { sink } = sinkOf({ WEBHOOK_AUTH: 'none', WEBHOOK_HEADERS: '{"X-Goog-Api-Key":"k"}' })
    await sink.deliver(smallBatch(sink), never)
    const [request] = server().requests
    expect(request?.headers).toMatchObject({
      'x-goog-api-key': 'k',
      'webhook-id': expect.stringMatching(/^msg_/),
    })
    expect(request?.headers.authorization).toBeUndefined()
  })

  test('by a token of Entra ID for its scope, and a new one where the first was revoked', async () => {
    const { sink, asked } = sinkOf(
      { WEBHOOK_AUTH: 'entra', WEBHOOK_TOKEN_SCOPE: 'api://siem/.default' },
      'old',
      'new',
    )
    server().answering(({ headers }) => (headers.authorization === 'Bearer new' ? undefined : status(401)))
    const outcome = await sink.deliver(smallBatch(sink), never)
    expect(outcome).toMatchObject({ status: 'delivered', requests: [{ status: 401 }, { status: 200 }] })
    expect(authorizations()).toEqual(['Bearer old', 'Bearer new'])
    expect(asked).toEqual([
      ['api://siem/.default', undefined],
      ['api://siem/.default', '{}'],
    ])
  })

  test('or not at all, where Entra ID gives no token: a fault that says what to check', async () => {
    const { sink } = sinkOf({ WEBHOOK_AUTH: 'entra', WEBHOOK_TOKEN_SCOPE: 'api://siem/.default' })
    const outcome = await sink.deliver(smallBatch(sink), never)
    expect(outcome).toMatchObject({ fault: { code: 'unauthorized', scope: 'sink' }, requests: [] })
    expect(JSON.stringify(outcome)).toContain('WEBHOOK_TOKEN_SCOPE')
    expect(server().requests).toEqual([])
  })

  test('nor waited for, where Entra ID does not answer: time ran out, and nobody refused anything', async () => {
    const limit = new AbortController()
    const sink = webhook({
      url: `${server().origin}/in`,
      authentication: {
        by: 'entra',
        getToken: () => {
          limit.abort()
          return new Promise(() => undefined)
        },
      },
    })
    onTestFinished(() => sink.close())
    expect(await sink.deliver(smallBatch(sink), limit.signal)).toMatchObject({
      fault: { code: 'timeout', scope: 'transient' },
      requests: [],
    })
  })

  test('nor is Entra ID said to refuse, where the endpoint of managed identities is not reached', async () => {
    const unreachable = Object.assign(new Error('ManagedIdentityCredential: Network unreachable.'), {
      name: 'CredentialUnavailableError',
    })
    const sink = webhook({
      url: `${server().origin}/in`,
      authentication: { by: 'entra', getToken: () => Promise.reject(unreachable) },
    })
    onTestFinished(() => sink.close())
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({
      fault: { code: 'unreachable', scope: 'transient' },
    })
  })

  test('by a certificate, which a receiver that asks for one accepts', async () => {
    const authority = await createLocalAuthority('clients')
    const { keyPem, certPem } = await authority.issue(['risk-export'])
    const shown: string[] = []
    const mutual = createServer(
      {
        key: certificate().keyPem,
        cert: certificate().certPem,
        requestCert: true,
        rejectUnauthorized: true,
        ca: authority.caPem,
      },
      (request, response) => {
        shown.push(String((request.socket as TLSSocket).getPeerCertificate().issuer.CN))
        request.resume().on('end', () => response.writeHead(204).end())
      },
    )
    mutual.listen(0, '127.0.0.1')
    await once(mutual, 'listening')
    onTestFinished(() => {
      mutual.closeAllConnections()
      mutual.close()
    })
    const WEBHOOK_URL = `https://localhost:${(mutual.address() as AddressInfo).port}/in`
    const { sink } = sinkOf({
      WEBHOOK_URL,
      WEBHOOK_AUTH: 'none',
      WEBHOOK_CLIENT_PEM: `${keyPem}\n${certPem}`,
    })
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'delivered' })
    expect(shown).toEqual(['clients'])
    const { sink: bare } = sinkOf({ WEBHOOK_URL, WEBHOOK_AUTH: 'none' })
    expect(await bare.deliver(smallBatch(bare), never)).toMatchObject({ status: 'failed' })
  })
})

describe('a token is rotated without a refused delivery', () => {
  test.each([
    ['the receiver changes first', 'new'],
    ['the app changes first', 'old'],
  ])('%s', async (_, known) => {
    const { sink } = sinkOf({ WEBHOOK_AUTH: 'bearer', WEBHOOK_TOKEN: 'old', WEBHOOK_TOKEN_NEXT: 'new' })
    server().answering(({ headers }) =>
      headers.authorization === `Bearer ${known}` ? undefined : status(403),
    )
    for (let n = 0; n < 3; n += 1)
      expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'delivered' })
    // The one that is accepted is asked with from then on.
    expect(authorizations().slice(-2)).toEqual([`Bearer ${known}`, `Bearer ${known}`])
    expect(authorizations().length).toBeLessThanOrEqual(4)
  })

  test('and where both are refused, that is the fault: nothing is lost', async () => {
    const { sink } = sinkOf({ WEBHOOK_AUTH: 'bearer', WEBHOOK_TOKEN: 'old', WEBHOOK_TOKEN_NEXT: 'new' })
    server().always(status(401))
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({
      fault: { code: 'unauthorized', scope: 'sink', status: 401 },
      requests: [{ status: 401 }, { status: 401 }],
    })
  })
})

describe('a body is as the settings say', () => {
  test('in an array, in lines, or alone', async () => {
    const sent = async (framing: 'array' | 'ndjson' | 'single') => {
      server().forget()
      await using sink = webhook({ url: `${server().origin}/in`, caPem: caPem(), framing })
      expect(await sink.deliver(smallBatch(sink).slice(0, 1), never)).toMatchObject({ status: 'delivered' })
      const [request] = server().requests
      return {
        limit: sink.limits.maxEvents,
        body: String(request?.body),
        type: request?.headers['content-type'],
      }
    }
    const alone = await sent('single')
    expect(alone).toMatchObject({ limit: 1, type: 'application/cloudevents+json; charset=utf-8' })
    expect(await sent('array')).toMatchObject({
      body: `[${alone.body}]`,
      type: 'application/cloudevents-batch+json; charset=utf-8',
    })
    expect(await sent('ndjson')).toMatchObject({
      body: `${alone.body}\n`,
      type: 'application/x-ndjson; charset=utf-8',
    })
  })

  test('not compressed, and called by another name', async () => {
    const { sink } = sinkOf({
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_GZIP: 'false',
      WEBHOOK_CONTENT_TYPE: 'application/json',
    })
    await sink.deliver(smallBatch(sink), never)
    const [request] = server().requests
    expect(request?.headers['content-encoding']).toBeUndefined()
    expect(request?.headers['content-type']).toBe('application/json')
    expect(request?.rawBody.toString()).toMatch(/^\[\{"specversion":"1.0"/)
  })
})
