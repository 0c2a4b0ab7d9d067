import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { eventId } from '../../../shared/domain/identifiers.ts'
import { requestSigner } from '../../../shared/sinks/webhook/signature.ts'
import { webhookId } from '../../../shared/sinks/webhook/webhook-id.ts'
import { encoded } from '../../contract/sink-fixture.ts'
import { anyCodePoint } from '../../support/any-code-point.ts'
import { detection } from '../../support/archived-events.ts'
import { receiver } from './receiver.ts'
import { NEXT_SECRET, never, SECRET } from './webhook-under-test.ts'

const { server, cloudEvents, splunk } = receiver()

const verify = (secret: string, body: Buffer, headers: Readonly<Record<string, unknown>>) =>
  new Webhook(secret).verify(body, headers as Record<string, string>, { jsonParse: false })

describe('signature', () => {
  test.each([
    ['CloudEvents', cloudEvents],
    ['Splunk HEC', splunk],
  ])('the reference library accepts a delivery of %s by either live secret', async (_, sinkOf) => {
    const sink = sinkOf({ secrets: [SECRET, NEXT_SECRET], nowMs: Date.now })
    await sink.deliver(encoded(sink, detection('a'), detection('Grüße 𝄞')), never)
    const [request] = server().requests
    if (request === undefined) throw new Error('nothing was sent')
    expect(request.headers['content-encoding']).toBe('gzip')
    for (const secret of [SECRET, NEXT_SECRET]) verify(secret, request.body, request.headers)
    const forged = Buffer.from(request.body)
    forged[10] = (forged[10] ?? 0) ^ 1
    expect(() => verify(SECRET, forged, request.headers)).toThrow('No matching signature')
    expect(() => verify(`whsec_${'c2Vj'.repeat(8)}`, request.body, request.headers)).toThrow(
      'No matching signature',
    )
    expect(
      () => verify(SECRET, request.rawBody, request.headers),
      'the body is signed before compression',
    ).toThrow('No matching signature')
  })

  test('any body is signed as the reference library signs it', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCodePoint }), fc.integer({ min: 0, max: 4e12 }), (text, nowMs) => {
        const headers = requestSigner('msg_x', Buffer.from(text), { secrets: [SECRET], nowMs: () => nowMs })()
        expect(headers['webhook-signature']).toBe(
          new Webhook(SECRET).sign('msg_x', new Date(nowMs), Buffer.from(text)),
        )
      }),
    )
  })

  test('is made ahead, and anew for an attempt ten seconds later; the id stays', async () => {
    let nowMs = 1_700_000_000_999
    const sink = cloudEvents({ nowMs: () => nowMs })
    const batch = encoded(sink, detection('a'))
    sink.ready?.(batch)
    for (const waitedMs of [10_000, 1, 60_000]) {
      nowMs += waitedMs
      await sink.deliver(batch, never)
    }
    const [ahead, first, second] = server().requests.map(({ headers }) => headers)
    expect([ahead, first, second].map((headers) => headers?.['webhook-timestamp'])).toEqual([
      '1700000000',
      '1700000011',
      '1700000071',
    ])
    expect(ahead?.['webhook-id']).toBe(first?.['webhook-id'])
    expect(second?.['webhook-id']).toBe(first?.['webhook-id'])
    expect(second?.['webhook-signature']).not.toBe(first?.['webhook-signature'])
  })
})

describe('webhook-id', () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{32}$/).map(eventId), {
    minLength: 1,
    maxLength: 20,
  })
  const idOf = (list: readonly ReturnType<typeof eventId>[]) =>
    webhookId(
      'webhook',
      'cloudevents',
      list.map((id) => ({ eventId: id })),
    )

  test('the same events in the same order have the same id', () => {
    fc.assert(
      fc.property(ids, (list) => {
        expect(idOf([...list])).toBe(idOf(list))
      }),
    )
  })

  test('a remainder, a longer batch and another order have other ids', () => {
    fc.assert(
      fc.property(ids, fc.nat(), (list, n) => {
        const others = [list.slice(1), list.slice(0, -1), list.toSpliced(n % list.length, 1)]
        if (list.length > 1) others.push(list.toReversed())
        for (const other of others) expect(idOf(other)).not.toBe(idOf(list))
      }),
    )
  })

  test('another sink and another format have other ids', () => {
    const batch = [{ eventId: eventId('a') }]
    const all = [
      webhookId('webhook', 'cloudevents', batch),
      webhookId('webhook', 'splunk-hec', batch),
      webhookId('second', 'cloudevents', batch),
    ]
    expect(new Set(all).size).toBe(3)
  })

  test('an id has the form that the scheme asks for', () => {
    expect(idOf([eventId('a')])).toMatch(/^msg_[0-9a-f]{32}$/)
  })
})
