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
import { never, receiver } from './receiver.ts'

const { server, sink } = receiver()

/** What lands on the wire in each situation: per stream the body after gunzip, byte for byte. */
const SITUATIONS: Readonly<Record<string, readonly ExportedEvent[]>> = {
  'leaked-credential-then-confirmed-compromised': [detection('leaked'), riskyIdentity('confirmed')],
  'sign-of-life': [heartbeat('alive')],
  'context-of-an-identity-and-what-was-done': [identityContext('who'), responseAction('deed')],
  'two-detections-in-their-order': [detection('first'), detection('second')],
  'level-hidden-without-licence': [
    detection('hidden', {
      risk: { level: 'hidden', state: 'atRisk', eventType: 'suspiciousSignins' },
      extra: { someNewField: ['as', 'sent'] },
    }),
  ],
  'agent-with-techniques-from-the-wire': [
    detection('agent', {
      category: 'AgentRiskEvents',
      identity: { type: 'agent', id: 'agent "zero"\n', displayName: '夜間バッチ' },
      risk: { level: 'medium', eventType: 'tomorrowsDetection' },
      evidence: 'Asked for 40 tools \\ minute',
      attack: { techniques: ['T1078.004'], origin: 'wire' },
      origin: 'graph',
      processing: true,
    }),
  ],
  'user-with-location-as-text': [
    detection('user', {
      category: 'UserRiskEvents',
      identity: { type: 'user', id: 'u', userPrincipalName: 'ana@contoso.example', deleted: false },
      location: 'Zürich, CH',
      keyIds: [],
      additionalInfo: [],
    }),
  ],
}

test.each(Object.entries(SITUATIONS))('rows of %s are as in the golden files', async (name, events) => {
  const target = sink()
  expect(await target.deliver(encoded(target, ...events), never)).toMatchObject({ status: 'delivered' })
  for (const { path, body } of server().requests) {
    const stream = /streams\/Custom-(\w+)\?/.exec(path)?.[1]
    await expect(`${body.toString()}\n`).toMatchFileSnapshot(
      `../../golden/log-analytics/${name}.${stream}.json`,
    )
  }
})
