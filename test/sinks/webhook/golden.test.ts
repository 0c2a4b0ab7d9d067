import { expect, test } from 'vitest'
import type { ExportedEvent } from '../../../shared/domain/exported-event.ts'
import { encoded } from '../../contract/sink-fixture.ts'
import {
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../../support/archived-events.ts'
import { logsOf } from '../../support/otlp-request.ts'
import { status } from '../../support/scripted-answer.ts'
import { allCreated } from './bulk-answers.ts'
import { receiver } from './receiver.ts'
import { NEXT_SECRET, never, SECRET, webhook } from './webhook-under-test.ts'

const { server, caPem, cloudEvents, splunk, json, elastic, secops } = receiver()

/** What lands on the wire in each situation: the body after gunzip, byte for byte. */
const SITUATIONS: Readonly<Record<string, readonly ExportedEvent[]>> = {
  'leaked-credential-then-confirmed-compromised': [detection('leaked'), riskyIdentity('confirmed')],
  'sign-of-life': [heartbeat('alive')],
  'context-of-an-identity-and-what-was-done': [identityContext('who'), responseAction('deed')],
  'level-hidden-without-licence': [
    detection('hidden', {
      risk: { level: 'hidden', state: 'atRisk', eventType: 'suspiciousSignins' },
      extra: { someNewField: ['as', 'sent'] },
    }),
  ],
  'agent-of-an-unknown-type-at-medium-risk': [
    detection('agent', {
      category: 'AgentRiskEvents',
      identity: { type: 'agent', id: 'agent "zero"\n', displayName: '夜間バッチ' },
      risk: { level: 'medium', eventType: 'tomorrowsDetection' },
      origin: 'graph',
    }),
  ],
}

/** Headers that say more about Node, or about the port, than about us. */
const OF_THE_CLIENT = new Set(['host', 'connection', 'content-length'])

const formats = {
  cloudevents: () => cloudEvents({ secrets: [SECRET, NEXT_SECRET] }),
  'elastic-bulk': () => {
    server().always(status(200, {}, allCreated))
    return elastic({ secrets: [] })
  },
  json: () => json(),
  secops: () => secops({ secrets: [], headers: { 'x-webhook-access-key': 'the-secret' } }),
  'splunk-hec': () => splunk({ splunkIndex: 'entra_risk' }),
  cef: () => webhook({ url: `${server().origin}/hooks/entra`, caPem: caPem(), format: 'cef' }),
  otlp: () => {
    server().always(status(200))
    return webhook({ url: `${server().origin}/v1/logs`, caPem: caPem(), format: 'otlp' })
  },
  ocsf: () => webhook({ url: `${server().origin}/hooks/entra`, caPem: caPem(), format: 'ocsf' }),
}

/** Bodies that are no text, as text. */
const SHOWN: Readonly<Record<string, (body: Buffer) => string>> = {
  otlp: (body) => `${JSON.stringify(logsOf(body), null, 2)}\n`,
}

for (const [format, sinkOf] of Object.entries(formats)) {
  test.each(Object.entries(SITUATIONS))(
    `${format} carries %s as in its golden files`,
    async (name, events) => {
      const sink = sinkOf()
      const outcome = await sink.deliver(encoded(sink, ...events), never)
      expect(outcome).toMatchObject({ status: 'delivered' })
      const [request] = server().requests
      const headers = Object.entries(request?.headers ?? {}).filter(([key]) => !OF_THE_CLIENT.has(key))
      const golden = `../../golden/webhook/${format}/${name}`
      const body = request?.body ?? Buffer.alloc(0)
      await expect(SHOWN[format]?.(body) ?? body.toString()).toMatchFileSnapshot(`${golden}.body`)
      await expect(`${JSON.stringify(Object.fromEntries(headers), null, 2)}\n`).toMatchFileSnapshot(
        `${golden}.headers.json`,
      )
    },
  )
}
