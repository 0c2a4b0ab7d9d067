import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ArchivedEvent, ExportedEvent } from '../../../../shared/domain/exported-event.ts'
import { isFault } from '../../../../shared/domain/fault.ts'
import { eventOfJson } from '../../../../shared/domain/flat-event.ts'
import { joinSpans } from '../../../../shared/encoding/span.ts'
import { parseOtlpReply } from '../../../../shared/sinks/webhook/formats/otlp/parse-otlp-reply.ts'
import { FRAMINGS } from '../../../../shared/sinks/webhook/framing.ts'
import { encoded } from '../../../contract/sink-fixture.ts'
import { arbitraryArchivedEvent } from '../../../support/arbitrary-events.ts'
import { archived, detection, heartbeat, riskyIdentity } from '../../../support/archived-events.ts'
import { jsonOf } from '../../../support/event-forms.ts'
import { type Facts, factsOf, present } from '../../../support/facts.ts'
import { logsOf, otlpRefusal, type ReadLog } from '../../../support/otlp-request.ts'
import { status } from '../../../support/scripted-answer.ts'
import { receiver } from '../receiver.ts'
import { never, webhook } from '../webhook-under-test.ts'

const { server, caPem } = receiver()
const offline = webhook({ url: 'https://otel.example/v1/logs', format: 'otlp' })

/** The log records that these events become, in one request. */
function written(events: readonly ArchivedEvent[]): readonly ReadLog[] {
  const batch = events.map((event) => {
    const result = offline.encode(event)
    if (isFault(result)) throw new Error(result.code)
    return result
  })
  return logsOf(joinSpans(FRAMINGS.concatenated, batch))
}

/** What a log record says, by the names of the model. */
function readBack({ body, attributes, resource }: ReadLog): Facts {
  const event: ExportedEvent = eventOfJson(JSON.parse(body))
  const at = (name: string) => attributes[`entra.${name}`] as never
  return present({
    ...factsOf({ ...archived(event), event: archived(event).event }),
    tenantId: resource['entra.tenant.id'] as string,
    position: {
      namespace: at('position.namespace'),
      hub: at('position.hub'),
      partition: at('position.partition'),
      sequenceNumber: at('position.sequence_number'),
      ordinal: at('position.ordinal'),
    },
    archive: { blob: at('archive.blob'), line: at('archive.line'), digest: at('archive.digest') },
  })
}

const wellFormed = (value: unknown): unknown => {
  if (typeof value === 'string') return Buffer.from(value).toString()
  return Array.isArray(value) ? value.map(wellFormed) : value
}

/** Nanoseconds of an instant, or none. */
const nanos = (at: number): string =>
  at >= 0 && at < 18_446_744_073_000 ? String(BigInt(at) * 1_000_000n) : '0'

describe('OTLP', () => {
  test("any events, concatenated, are one request whose log records OpenTelemetry's messages read", () => {
    fc.assert(
      fc.property(fc.array(arbitraryArchivedEvent, { minLength: 1, maxLength: 4 }), (events) => {
        const logs = written(events)
        expect(logs.map(({ body }) => body)).toEqual(events.map((event) => jsonOf(event).toString()))
        for (const [index, log] of logs.entries()) {
          const event = events[index] as (typeof events)[number]
          expect(readBack(log)).toEqual(factsOf(event))
          expect(log.timeUnixNano).toBe(nanos(event.event.lastUpdatedAt))
          expect(log.observedTimeUnixNano).toBe(nanos(event.position.enqueuedAt))
          const { risk, identity, ipAddress, techniques, id } = factsOf(event)
          expect(log.attributes).toMatchObject(
            present({
              'entra.event.id': id,
              'entra.risk.level': wellFormed(risk?.level),
              'entra.risk.state': wellFormed(risk?.state),
              'entra.identity.id': wellFormed(identity?.id),
              'client.address': wellFormed(ipAddress),
              'entra.attack.techniques': wellFormed(techniques),
            }),
          )
        }
      }),
    )
  })

  test("the bytes are those of OpenTelemetry's own serializer", () => {
    type LogRecord = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0][number]
    const time = (nanoseconds: string): [number, number] => [
      Number(BigInt(nanoseconds) / 1_000_000_000n),
      Number(BigInt(nanoseconds) % 1_000_000_000n),
    ]
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        const result = offline.encode(event)
        if (isFault(result)) throw new Error(result.code)
        const body = joinSpans(FRAMINGS.concatenated, [result])
        const records = logsOf(body).map(
          ({ timeUnixNano, observedTimeUnixNano, scope, resource, ...log }) => ({
            ...log,
            hrTime: time(timeUnixNano),
            hrTimeObserved: time(observedTimeUnixNano),
            resource: { attributes: resource },
            instrumentationScope: scope,
            droppedAttributesCount: 0,
          }),
        )
        const theirs = ProtobufLogsSerializer.serializeRequest(records as object as LogRecord[])
        expect(Buffer.from(theirs ?? []).equals(body)).toBe(true)
      }),
    )
  })

  test.each([
    ['high', 17, 'HIGH'],
    ['none', 9, 'NONE'],
    ['hidden', undefined, undefined],
  ])('a level %s has the severity %s', (level, number, text) => {
    const [log] = written([archived(detection('x', { risk: { level } }))])
    expect([log?.severityNumber, log?.severityText]).toEqual([number, text])
  })

  test('every kind of event has a name of its own', () => {
    const names = written(
      [detection('a'), riskyIdentity('b'), heartbeat('c')].map((event) => archived(event)),
    )
    expect(names.map(({ eventName }) => eventName)).toEqual([
      'entra.risk.detection.v1',
      'entra.risk.identity.v1',
      'entra.riskexport.heartbeat.v1',
    ])
  })
})

describe('the answer of an OTLP receiver', () => {
  const send = async (code: number, body: Buffer | string, headers = {}) => {
    const sink = webhook({ url: `${server().origin}/v1/logs`, caPem: caPem(), format: 'otlp' })
    server().always(status(code, headers, body.toString()))
    return sink.deliver(encoded(sink, detection('a'), detection('b')), never)
  }

  test.each([
    ['nothing', ''],
    ['an empty object', '{}'],
    ['a warning', otlpRefusal(0, 'an old field was used')],
    ['a warning in JSON', '{"partialSuccess":{"errorMessage":"old"}}'],
    ['no refusal in JSON', '{"partialSuccess":{"rejectedLogRecords":"0"}}'],
  ])('with %s is a success', async (_, body) => {
    expect(await send(200, body)).toMatchObject({ status: 'delivered' })
  })

  test.each([
    ['Protocol Buffers', otlpRefusal(1, 'too long')],
    ['JSON', '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"too long"}}'],
  ])('with refusals in %s is a refusal that the batch is halved for', async (_, body) => {
    expect(await send(200, body)).toMatchObject({
      status: 'failed',
      fault: { code: 'payloadRefused', scope: 'record' },
    })
  })

  test.each([
    ['text', 'OK, thanks'],
    ['JSON of something else', '{"message":"Forbidden"}'],
    ['JSON cut short', '{"partialSuccess":'],
    ['a number that is none', '{"partialSuccess":{"rejectedLogRecords":"some"}}'],
    ['a message cut short', otlpRefusal(0, 'an old field was used').subarray(0, 6)],
  ])('with %s is believed by nobody', async (_, body) => {
    expect(await send(200, body)).toMatchObject({
      status: 'failed',
      fault: { code: 'answerUnexpected', scope: 'sink' },
    })
  })

  test("is read as OpenTelemetry's own deserializer reads it", () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), (rejected, message) => {
        const body = otlpRefusal(rejected, message)
        const theirs = ProtobufLogsSerializer.deserializeResponse(body).partialSuccess
        expect(parseOtlpReply(body)).toEqual({ rejected: theirs?.rejectedLogRecords ?? 0 })
        expect(theirs?.rejectedLogRecords ?? 0).toBe(rejected)
      }),
    )
  })
})
