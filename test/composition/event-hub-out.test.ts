import { CloudEvent } from 'cloudevents'
import { describe, expect, test } from 'vitest'
import type { EventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { eventHubOut } from '../../shared/composition/event-hub-out.ts'
import type { EventHubOutSettings } from '../../shared/config/event-hub-out-settings.ts'
import type { Encoded, Sink } from '../../shared/delivery/sink.ts'
import type { ExportedEvent } from '../../shared/domain/exported-event.ts'
import { isFault } from '../../shared/domain/fault.ts'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../support/archived-events.ts'
import { jsonOf } from '../support/event-forms.ts'
import { startedEmulator, startReading } from '../support/event-hub-clients.ts'
import { until } from '../support/until.ts'

const never = new AbortController().signal
const noCredential = () => Promise.reject(new Error('no credential is needed'))

const sinkTo = (connectionString: string, changes: Partial<EventHubOutSettings> = {}): Sink =>
  eventHubOut(
    {
      name: 'risk',
      namespace: undefined,
      connectionString,
      format: 'cloudevents',
      categories: [],
      ...changes,
    },
    noCredential,
  )

const encodedBy = (sink: Sink, ...events: readonly ExportedEvent[]): readonly Encoded[] =>
  events.map((event) => {
    const result = sink.encode(archived(event))
    if (isFault(result)) throw new Error(result.code)
    return result
  })

const deliver = (sink: Sink, ...events: readonly ExportedEvent[]) =>
  sink.deliver(encodedBy(sink, ...events), never)

const agent = (id: string) => ({ identity: { type: 'agent', id } }) as const

/** What the official consumer reads, of both partitions. */
async function readAll(emulator: EventHubEmulator, count: number) {
  const readings = ['0', '1'].map((partition) =>
    startReading(emulator.connectionString('risk'), { partition }),
  )
  await until(() => readings.flatMap(({ events }) => events).length >= count, 15_000)
  return readings.map(({ events }) => events)
}

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
      expect(message.partitionKey).toBe(event.kind === 'heartbeat' ? event.tenantId : event.identity.id)
    }
  })

  test('keeps the events of an identity in one partition, in their order', async () => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'))
    const events = Array.from({ length: 60 }, (_, n) => detection(`n${n}`, agent(`agent-${n % 6}`)))
    expect((await deliver(sink, ...events)).status).toBe('delivered')
    const partitions = await readAll(emulator, events.length)
    for (let n = 0; n < 6; n += 1) {
      const holding = partitions.filter((read) =>
        read.some(({ partitionKey }) => partitionKey === `agent-${n}`),
      )
      expect(holding).toHaveLength(1)
      const ids = holding[0]?.filter(({ partitionKey }) => partitionKey === `agent-${n}`)
      expect(ids?.map(({ messageId }) => messageId)).toEqual(
        events.filter(({ identity }) => identity.id === `agent-${n}`).map(({ eventId }) => eventId),
      )
    }
    expect(partitions.every((read) => read.length > 0)).toBe(true)
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

  test('an event that is too large is cut and says so', async () => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'))
    const wide = detection('a', { extra: { wide: 'x'.repeat(400_000) } })
    expect((await deliver(sink, wide)).status).toBe('delivered')
    const [message] = (await readAll(emulator, 1)).flat()
    expect(JSON.parse(Buffer.from(message?.body).toString()).data.cut).toEqual(['extra'])
  })

  test('that is busy for one identity has taken those of the other', async () => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'))
    await deliver(sink, heartbeat('connects'))
    emulator.faults.rejectNextSends(1)
    const events = [detection('a', agent('one')), detection('b', agent('two')), detection('c', agent('one'))]
    const outcome = await deliver(sink, ...events)
    if (outcome.status !== 'partial') throw new Error(outcome.status)
    const keys = new Set(
      events.filter(({ eventId }) => outcome.failed.has(eventId)).map(({ identity }) => identity.id),
    )
    expect(keys.size).toBe(1)
    for (const fault of outcome.failed.values())
      expect(fault).toMatchObject({ code: 'throttled', scope: 'transient' })
    const again = events.filter(({ eventId }) => outcome.failed.has(eventId))
    expect((await deliver(sink, ...again)).status).toBe('delivered')
    const read = (await readAll(emulator, 4)).flat()
    expect(read.map(({ messageId }) => String(messageId)).toSorted()).toEqual(
      [heartbeat('connects'), ...events].map(({ eventId }) => eventId).toSorted(),
    )
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

  test('an acknowledgement that is lost means sending again, with the same message id', async () => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'))
    emulator.faults.loseNextAcknowledgements(1)
    const outcome = await sink.deliver(encodedBy(sink, detection('a')), AbortSignal.timeout(500))
    expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'timeout', scope: 'transient' } })
    expect((await deliver(sink, detection('a'))).status).toBe('delivered')
    const read = (await readAll(emulator, 2)).flat()
    expect(new Set(read.map(({ messageId }) => messageId)).size).toBe(1)
  })

  test('that hangs is left in time', async () => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'))
    await deliver(sink, heartbeat('connects'))
    emulator.faults.hang()
    const outcome = await sink.deliver(encodedBy(sink, detection('a')), AbortSignal.timeout(200))
    expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'timeout', scope: 'transient' } })
    emulator.faults.resume()
  })

  test('is checked without sending anything', async () => {
    const emulator = await startedEmulator()
    expect(await sinkTo(emulator.connectionString('risk')).check(never)).toBeUndefined()
    expect([...emulator.messages('risk')]).toEqual([])
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
