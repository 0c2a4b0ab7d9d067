import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLocalAuthority, LOCAL_HOSTS } from '../../local/emulators/tls/local-authority.ts'
import type { Sink } from '../../shared/delivery/sink.ts'
import { WEBHOOK_FORMATS, type WebhookFormatName } from '../../shared/domain/webhook-formats.ts'
import { logAnalyticsSink } from '../../shared/sinks/log-analytics/sink.ts'
import { type HttpReceiver, misbehavingServer } from '../contract/misbehaving.ts'
import { promises } from '../contract/promises.ts'
import { faultOf, smallBatch } from '../contract/sink-fixture.ts'
import { otlpRefusal } from '../support/otlp-request.ts'
import { flood, redirect, type ScriptedAnswer, status } from '../support/scripted-answer.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'
import { misbehavingHub } from './event-hub/misbehaving-hub.ts'
import { RULE_ID } from './log-analytics/receiver.ts'
import { trustingClient } from './log-analytics/trusting-client.ts'
import { bulkAnswer, created, refused } from './webhook/bulk-answers.ts'
import { never, SECRET, TOKEN, webhook } from './webhook/webhook-under-test.ts'

let server: ScriptedServer
let caPem: string
beforeAll(async () => {
  const authority = await createLocalAuthority()
  caPem = authority.caPem
  server = await startScriptedServer(await authority.issue(LOCAL_HOSTS))
})
afterAll(() => server.stop())

type Protocol = Partial<Omit<HttpReceiver, 'sink'>>

const NOTHING = status(200)
const hecReply = (code: number, more = {}): string => JSON.stringify({ text: 'said', code, ...more })

/** What the receivers of a format say; default: a status, and nothing. */
const PROTOCOLS: Readonly<Partial<Record<WebhookFormatName, Protocol>>> = {
  'splunk-hec': {
    healthy: status(200, {}, hecReply(0)),
    whenChecked: status(200, {}, hecReply(17)),
    refusal: 403,
    judging: (ids, isRefused) => {
      const first = ids.findIndex(isRefused)
      return first < 0
        ? { answer: status(200, {}, hecReply(0)), stored: ids }
        : {
            answer: status(400, {}, hecReply(6, { 'invalid-event-number': first })),
            stored: ids.slice(0, first),
          }
    },
  },
  'elastic-bulk': {
    judging: (ids, isRefused) => ({
      answer: status(
        200,
        {},
        bulkAnswer(
          ids.map((id) => (isRefused(id) ? refused(id, 400, 'document_parsing_exception') : created(id))),
        ),
      ),
      stored: ids.filter((id) => !isRefused(id)),
    }),
  },
  otlp: {
    judging: (ids, isRefused) => {
      const stored = ids.filter((id) => !isRefused(id))
      return { answer: status(200, {}, otlpRefusal(ids.length - stored.length, 'no').toString()), stored }
    },
  },
  secops: { refusal: 407 },
}

const FORMATS = Object.keys(WEBHOOK_FORMATS) as readonly WebhookFormatName[]

const sinkOf = (format: WebhookFormatName): Sink =>
  webhook({
    url: `${server.origin}/in?key=in-the-query`,
    caPem,
    format,
    maxBytes: 100_000,
    authentication: { by: 'header', name: 'authorization', values: [TOKEN] },
  })

const logAnalytics = (): Sink =>
  logAnalyticsSink({
    endpoint: server.origin,
    ruleId: RULE_ID,
    credential: { getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    nowMs: Date.now,
    httpClient: trustingClient(caPem),
  })

const overHttp = (sink: Sink, protocol: Protocol = {}) =>
  misbehavingServer(server, { sink, healthy: NOTHING, whenChecked: NOTHING, refusal: 401, ...protocol })

describe.each(FORMATS)('a webhook with %s', (format) => {
  promises(async () => overHttp(sinkOf(format), PROTOCOLS[format]), [SECRET, TOKEN, 'in-the-query'])

  test.each<[string, ScriptedAnswer, object]>([
    ['a page with 200', status(200, {}, '<html>Sign in</html>'), { code: 'answerUnexpected', scope: 'sink' }],
    ['407 of a proxy', status(407), { scope: 'sink' }],
    ['a redirect', redirect(307, 'https://elsewhere.example/'), { code: 'redirected', scope: 'sink' }],
    ['503 for a while', status(503, { 'retry-after': '7' }), { scope: 'transient', retryAfterMs: 7_000 }],
    ['an answer without an end', flood(503), { scope: 'transient', status: 503 }],
  ])('%s is no delivery', async (_, answer, fault) => {
    server.forget()
    server.always(answer)
    const sink = sinkOf(format)
    expect(faultOf(await sink.deliver(smallBatch(sink), never))).toMatchObject(fault)
    expect(server.requests).toHaveLength(1)
    expect(server.bodyBytesSent()).toBeLessThan(64_000_000)
  })
})

describe('Log Analytics', () => {
  promises(async () => overHttp(logAnalytics(), { healthy: status(204), whenChecked: status(204) }), [TOKEN])
})

describe("a customer's event hub", () => {
  promises(misbehavingHub, ['SAS_KEY_VALUE', 'SharedAccessSignature'])
})
