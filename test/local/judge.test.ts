import { describe, expect, it } from 'vitest'
import type { Evidence, LandedEvent } from '../../local/harness/evidence.ts'
import { judge } from '../../local/harness/judge.ts'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { parseLine } from '../../shared/archive/parse-line.ts'
import { eventText } from '../../shared/domain/event-json.ts'
import { instant, tenantId } from '../../shared/domain/identifiers.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { readMessage } from '../../shared/source/read-message.ts'

const record = (n: number) =>
  `{"category":"RiskyServicePrincipals","tenantId":"11111111-2222-4333-8444-555555555555","properties":` +
  `{"id":"principal-${n}","displayName":"app ${n}","riskLevel":"high","riskState":"atRisk","riskLastUpdatedDateTime":"2026-03-01T9:00:0${n}Z"}}`

const BODIES = [
  `{"records":[${record(1)},${record(2)}]}`,
  `{"records":[${record(3)},null]}`,
  `{"records":[{"category":"SignInLogs"}]}`,
  'not json',
].map((text) => Buffer.from(text))

/** A run in which everything went well, as it looks from outside. */
function evidence(): Evidence {
  const messages = BODIES.map((body, sequenceNumber) => ({
    body,
    position: {
      namespace: 'ns',
      hub: 'hub',
      partition: '0',
      sequenceNumber,
      offset: '0',
      enqueuedAt: instant(sequenceNumber),
    },
  }))
  const settings = {
    tenantId: tenantId('11111111-2222-4333-8444-555555555555'),
    includeUserRisk: false,
    language: 'en' as const,
  }
  const chunk = buildChunk(messages.map((m) => readMessage(m, settings)))
  const lines = chunk.content
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line, i) => parseLine(Buffer.from(line), chunk.blob, i))
  const landed = chunk.events.map(
    ({ event }): LandedEvent => ({
      eventId: event.eventId,
      content: JSON.parse(eventText(event)) as JsonObject,
    }),
  )
  return {
    sent: messages.map(({ body, position }) => ({ body, ...position })),
    blobs: 1,
    lines,
    sinks: [
      {
        name: 'webhook',
        landed,
        expected: (line) => JSON.parse(line.archived.eventJson.toString()) as JsonObject,
      },
    ],
    owed: [],
    deadLetters: chunk.faults.map(({ blob, line }) => ({ sink: undefined, blob, line })),
  }
}

const webhookOf = (e: Evidence): Evidence['sinks'][number] => {
  const [webhook] = e.sinks
  if (webhook === undefined) throw new Error('the evidence has a sink')
  return webhook
}
const withLanded = (change: (landed: readonly LandedEvent[]) => readonly LandedEvent[]): Evidence => {
  const e = evidence()
  return { ...e, sinks: [{ ...webhookOf(e), landed: change(webhookOf(e).landed) }] }
}

describe('the judge of a run', () => {
  it('finds a run balanced in which every record has its end', () => {
    expect(judge(evidence())).toMatchObject({
      messages: 4,
      records: 6,
      events: 3,
      faults: 2,
      skipped: 1,
      balanced: true,
      problems: [],
    })
  })

  it('sees a row that was dropped', () => {
    const verdict = judge(withLanded((landed) => landed.slice(1)))
    expect(verdict.balanced).toBe(false)
    expect(verdict.problems[0]).toContain('did not reach webhook')
  })

  it('sees a byte that was altered at a sink', () => {
    const verdict = judge(
      withLanded(([first, ...rest]) => [
        {
          eventId: first?.eventId ?? '',
          content: { ...first?.content, tenantId: '11111111-2222-4333-8444-555555555556' },
        },
        ...rest,
      ]),
    )
    expect(verdict.problems).toEqual([expect.stringContaining('is not what the archive says')])
  })

  it('sees an event that nobody sent', () => {
    const verdict = judge(withLanded((landed) => [...landed, { eventId: 'stranger', content: {} }]))
    expect(verdict.problems).toEqual([expect.stringContaining('not in the archive')])
  })

  it('sees a byte that was altered in the archive', () => {
    const e = evidence()
    const lines = e.lines.map((line, i) =>
      i === 0 && line.kind === 'event'
        ? { ...line, record: Buffer.from(Buffer.from(line.record).toString().replace('high', 'nigh')) }
        : line,
    )
    expect(judge({ ...e, lines }).problems).toEqual([
      expect.stringContaining('does not match its digest'),
      expect.stringContaining('holds bytes that were not sent'),
    ])
  })

  it('sees a message that the archive lacks', () => {
    const e = evidence()
    expect(judge({ ...e, lines: e.lines.filter((l) => l.position.sequenceNumber !== 0) }).balanced).toBe(
      false,
    )
  })

  it('sees a skipped message that the archive does not know of', () => {
    const e = evidence()
    expect(judge({ ...e, lines: e.lines.filter((l) => l.kind !== 'skipped') }).balanced).toBe(false)
  })

  it('sees a fault that was not buried', () => {
    expect(judge({ ...evidence(), deadLetters: [] }).problems).toHaveLength(2)
  })

  it('counts what is owed as owed, and what came twice as duplicate', () => {
    const e = evidence()
    const first = e.lines.find((l) => l.kind === 'event')
    const owed = first === undefined ? [] : [{ sink: 'webhook', blob: first.blob, line: first.line }]
    const verdict = judge({ ...e, sinks: [{ ...webhookOf(e), landed: webhookOf(e).landed.slice(1) }], owed })
    expect(verdict.balanced).toBe(true)
    expect(verdict.sinks.get('webhook')).toMatchObject({ delivered: 2, owed: 1 })
  })
})
