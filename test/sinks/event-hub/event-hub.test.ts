import { CloudEvent } from 'cloudevents'
import { describe, expect, test } from 'vitest'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../../support/archived-events.ts'
import { jsonOf } from '../../support/event-forms.ts'
import { startedEmulator } from '../../support/event-hub-clients.ts'
import { deliver, never, readAll, sinkTo } from './hub-under-test.ts'

describe("a customer's event hub", () => {
  test('gets every kind of event as a CloudEvent, which the official consumer and SDK read', async () => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'))
    const events = [
      detection('a'),
      riskyIdentity('b'),
      identityContext('c'),
      responseAction('d'),
      heartbeat('e'),
    ]
    const outcome = await deliver(sink, ...events)
    expect(outcome.status).toBe('delivered')
    expect(outcome.requests?.flatMap(({ eventIds = [] }) => eventIds).toSorted()).toEqual(
      events.map(({ eventId }) => eventId).toSorted(),
    )
    const read = (await readAll(emulator, events.length)).flat()
    expect(read).toHaveLength(events.length)
    for (const message of read) {
      const event = events.find(({ eventId }) => eventId === message.messageId)
      if (event === undefined) throw new Error('a message without its event')
      const body = JSON.parse(Buffer.from(message.body).toString())
      const cloudEvent = new CloudEvent(body)
      expect(cloudEvent.validate()).toBe(true)
      expect(cloudEvent.id).toBe(event.eventId)
      expect(body.data).toEqual(JSON.parse(jsonOf(archived(event)).toString()))
      expect(message.contentType).toBe('application/cloudevents+json')
      expect(message.properties).toEqual({ kind: event.kind })
      expect(message.partitionKey).toMatch(/^group-\d+$/)
    }
  })

  test.each([
    ['ocsf', 'application/json', /^\{"category_uid":2,/],
    ['cef', 'text/plain', /^CEF:0\|/],
  ] as const)('gets %s if so set', async (format, contentType, form) => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'), { format })
    expect((await deliver(sink, detection('a'))).status).toBe('delivered')
    const [message] = (await readAll(emulator, 1)).flat()
    expect(Buffer.from(message?.body).toString()).toMatch(form)
    expect(message?.contentType).toBe(contentType)
  })

  test.each([
    ['com.microsoft:server-busy', 'throttled', 'transient'],
    ['amqp:resource-limit-exceeded', 'throttled', 'transient'],
    ['amqp:internal-error', 'unavailable', 'transient'],
    ['amqp:unauthorized-access', 'unauthorized', 'sink'],
    ['com.microsoft:entity-disabled', 'notFound', 'sink'],
    ['amqp:link:message-size-exceeded', 'tooLarge', 'record'],
  ])('the refusal %s is the fault %s, of scope %s', async (condition, code, scope) => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'))
    emulator.faults.rejectNextSends(1, condition)
    const outcome = await deliver(sink, detection('a'))
    expect(outcome).toMatchObject({ status: 'failed', fault: { code, scope } })
    expect(JSON.stringify(outcome)).not.toContain('on demand')
  })

  test('gets what its settings redact hashed or masked, and told so', async () => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'), {
      format: 'json',
      redactions: [
        { path: ['identity', 'id'], how: 'hash' },
        { path: ['ipAddress'], how: 'mask' },
      ],
      redactKey: 'a key',
    })
    await deliver(sink, detection('a'), detection('b'))
    const [first, second] = (await readAll(emulator, 2)).flat().map(({ body }) => JSON.parse(String(body)))
    expect(first).toMatchObject({ ipAddress: '***', redacted: ['identity.id', 'ipAddress'] })
    expect(first.identity.id).toMatch(/^hash:/)
    expect(second.identity.id).toBe(first.identity.id)
  })

  test('that is not there, or whose key is wrong, is the fault of the sink', async () => {
    const emulator = await startedEmulator()
    const text = emulator.connectionString('risk')
    const elsewhere = sinkTo(text.replace('EntityPath=risk', 'EntityPath=other'), { name: 'other' })
    const locked = sinkTo(text.replace('SAS_KEY_VALUE', 'ANOTHER_KEY'))
    for (const [sink, code] of [
      [elsewhere, 'notFound'],
      [locked, 'unauthorized'],
    ] as const) {
      expect(await deliver(sink, detection('a'))).toMatchObject({ fault: { code, scope: 'sink' } })
      expect(await sink.check(never)).toMatchObject({ code, scope: 'sink' })
    }
  })

  test('that does not answer is unreachable', async () => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'))
    await emulator.stop()
    expect(await deliver(sink, detection('a'))).toMatchObject({
      fault: { code: 'unreachable', scope: 'transient' },
    })
  })

  test('whose connection string is no connection string keeps its events pending, and stops nobody', async () => {
    const sink = sinkTo('@Microsoft.KeyVault(SecretUri=https://kv.example/secrets/hub)')
    expect(await deliver(sink, detection('a'))).toMatchObject({
      fault: { code: 'notConfigured', scope: 'sink' },
    })
  })
})
