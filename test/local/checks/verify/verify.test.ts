import { describe, expect, it } from 'vitest'
import { recordText } from '../../../../local/checks/chaos/records.ts'
import type { Evidence, SinkEvidence } from '../../../../local/checks/verify/evidence.ts'
import type { Received } from '../../../../local/checks/verify/received.ts'
import { verify } from '../../../../local/checks/verify/verify.ts'
import { flatEvent, parseEvent } from '../../../../shared/domain/flat-event.ts'
import type { Message } from '../../../../shared/domain/position.ts'
import type { ReadMessage, ReadRecord } from '../../../../shared/domain/read-message.ts'
import type { RiskEvent } from '../../../../shared/domain/risk-event.ts'
import { readMessage } from '../../../../shared/source/read-message.ts'
import { settings } from '../../../source/reading-under-test.ts'
import { runEvidence } from '../../../support/run-evidence.ts'

const envelope = (...records: readonly string[]): Buffer => Buffer.from(`{"records":[${records.join(',')}]}`)

const BODIES: readonly Buffer[] = [
  envelope(recordText(1), recordText(2), recordText(3)),
  envelope(recordText(4), 'null'),
  envelope('{"category":"SignInLogs"}'),
  Buffer.from('not json'),
  Buffer.from(`{"records":[${recordText(5)},{"category":"ServicePrin`),
]

const evidence = (): Evidence => runEvidence(BODIES)

/** The run as a program sees to it that reads messages in another way. */
const misread = (
  change: (records: readonly ReadRecord[], message: Message) => readonly ReadRecord[],
): Evidence =>
  runEvidence(BODIES, (message): ReadMessage => {
    const read = readMessage(message, settings)
    return read.status === 'split' ? { ...read, records: change(read.records, message) } : read
  })

const withReceived = (change: (received: readonly Received[]) => readonly Received[]): Evidence => {
  const e = evidence()
  const changed = e.sinks.map(
    (sink): SinkEvidence => (sink.name === 'webhook' ? { ...sink, received: change(sink.received) } : sink),
  )
  return { ...e, sinks: changed }
}

const withArchive = (change: (text: string) => string): Evidence => {
  const e = evidence()
  return {
    ...e,
    archive: e.archive.map(({ name, content }) => ({
      name,
      content: Buffer.from(change(Buffer.from(content).toString())),
    })),
  }
}

const problems = (e: Evidence): readonly string[] => verify(e).problems

describe('the verifier', () => {
  it('finds a run balanced in which every record has one outcome, and says how far it knows', () => {
    expect(verify(evidence())).toMatchObject({
      messages: 5,
      partlyRead: 2,
      records: 9,
      events: 5,
      compared: 5,
      faults: 3,
      skipped: 1,
      archived: 5,
      lost: 0,
      balanced: true,
      problems: [],
    })
  })

  it('sees the last record of every message with several dropped, though the archive counts as if there were none', () => {
    const e = misread((records) => (records.length > 1 ? records.slice(0, -1) : records))
    expect(verify(e).lost).toBe(2)
    expect(problems(e)).toEqual([
      'record 0/0#2 (detection3) is not in the archive',
      'message 0/0 has 3 records, and 2 by the archive',
      'record 0/1#1 is not in the archive',
      'message 0/1 has 2 records, and 1 by the archive',
    ])
  })

  it('sees the same where the archive counts the record, and does not have it', () => {
    const e = withArchive((text) =>
      text
        .split('\n')
        .filter((line) => !line.includes('"ordinal":2'))
        .join('\n'),
    )
    expect(problems(e)).toContain('record 0/0#2 (detection3) is not in the archive')
  })

  it('sees a record dropped from a message that is cut off', () => {
    const e = misread((records, { position }) => (position.sequenceNumber === 4 ? records.slice(1) : records))
    expect(problems(e)).toEqual(['record 0/4#0 (detection5) is not in the archive'])
  })

  it('sees a record dropped behind the break of a message, where its maker knows of it', () => {
    const body = Buffer.from(`{"records":[${recordText(1)},{"a":NaN},${recordText(2)}]}`)
    const made = [recordText(1), recordText(2)]
    const [whole, dropped] = [false, true].map((isDropped) => {
      const e = runEvidence([body], (message) => {
        const read = readMessage(message, settings)
        return isDropped && read.status === 'split' ? { ...read, records: read.records.slice(0, 2) } : read
      })
      return problems({ ...e, sent: e.sent.map((sent) => ({ ...sent, made })) })
    })
    expect(whole).toEqual([])
    expect(dropped).toContain('record 0/0#1 (detection2) is not in the archive')
  })

  it('sees a record dropped behind the break of a message whose maker is unknown', () => {
    const body = Buffer.from(`{"records":[{"a":NaN},${recordText(2)}]}`)
    const e = runEvidence([body], (message) => {
      const read = readMessage(message, settings)
      return read.status === 'split' ? { ...read, records: read.records.slice(0, 1) } : read
    })
    expect(problems(e)).toEqual([
      expect.stringMatching(/^bytes \d+ to \d+ of message 0\/0 hold a record that is not in the archive$/),
    ])
  })

  it('sees a byte that was altered in the reading of a record', () => {
    const e = misread((records) =>
      records.map((record) => {
        const { reading } = record
        if (reading.status !== 'event' || reading.event.kind === 'heartbeat') return record
        const event = parseEvent(reading.event) as RiskEvent
        const altered = flatEvent({ ...event, risk: { ...event.risk, level: 'nigh' } })
        return { ...record, reading: { ...reading, event: altered } }
      }),
    )
    expect(problems(e)).toContain(
      'record 0/0#0 (detection1) says another risk.level than the archive made of it',
    )
    expect(problems(e)).toContain('record 0/0#0 (detection1) is at webhook with another risk.level')
    expect(problems(e)).toContain('record 0/0#0 (detection1) is at log-analytics with another risk.level')
  })

  it('sees two records whose contents were swapped', () => {
    const swap = ([first, second, ...rest]: readonly ReadRecord[]): readonly ReadRecord[] =>
      first === undefined || second === undefined
        ? [first ?? []].flat()
        : [{ ...first, reading: second.reading }, { ...second, reading: first.reading }, ...rest]
    expect(problems(misread(swap))).toContainEqual(
      expect.stringMatching(
        /^record 0\/0#0 \(detection1\) says another .*detectionId.* than the archive made of it$/,
      ),
    )
    const whole = ([first, second, ...rest]: readonly ReadRecord[]): readonly ReadRecord[] =>
      first === undefined || second === undefined
        ? [first ?? []].flat()
        : [{ ...second, ordinal: 0 }, { ...first, ordinal: 1 }, ...rest]
    expect(problems(misread(whole))).toContain('record 0/0#0 (detection1) is not in the archive')
  })

  it('sees a row that was dropped', () => {
    const e = withReceived((received) => received.slice(1))
    expect(verify(e).lost).toBe(1)
    expect(problems(e)).toEqual(['record 0/0#0 (detection1) did not reach webhook'])
  })

  it("sees another's event in an event's place, whichever of the two it calls itself", () => {
    const e = withReceived(([first, second, ...rest]) =>
      first === undefined || second === undefined
        ? []
        : [{ ...second, eventId: first.eventId, pointer: first.pointer }, second, ...rest],
    )
    expect(problems(e)).toContainEqual(
      expect.stringMatching(/^event \w{12} at webhook is not what the archive says: /),
    )
    expect(problems(e)).toContainEqual(
      expect.stringMatching(/^record 0\/0#0 \(detection1\) is at webhook with another .*detectionId/),
    )
    const twice = withReceived(([, second, ...rest]) =>
      second === undefined ? [] : [second, second, ...rest],
    )
    expect(problems(twice)).toEqual(['record 0/0#0 (detection1) did not reach webhook'])
  })

  it('sees an event that nobody sent', () => {
    const stranger = runEvidence([envelope(recordText(77))])
    const e = withReceived((received) => [...received, ...(stranger.sinks[1]?.received ?? [])])
    expect(problems(e)).toEqual([
      expect.stringMatching(/^event \w{12} is at webhook, but not in the archive$/),
    ])
  })

  it('sees a byte that was altered in the archive', () => {
    const e = withArchive((text) => text.replace('"riskLevel":"high"', '"riskLevel":"nigh"'))
    expect(problems(e)).toEqual([
      'archive line 0/0#0 does not match its digest',
      'archive line 0/0#0 holds bytes that were not sent',
      'record 0/0#0 (detection1) is not in the archive',
    ])
  })

  it('sees a message that the archive lacks', () => {
    const e = withArchive((text) =>
      text
        .split('\n')
        .filter((line) => !line.includes('"sequenceNumber":0,'))
        .join('\n'),
    )
    expect(problems(e)).toContain('message 0/0 is not in the archive')
  })

  it('sees a skipped message that the archive does not know of, or counts wrong', () => {
    const skipped = /^\{"v":1,"position":\{[^}]*\},"skipped".*\n/m
    expect(problems(withArchive((text) => text.replace(skipped, '')))).toContain(
      'message 0/2 is not in the archive',
    )
    const two = withArchive((text) => text.replace('"messages":1,"records":1', '"messages":1,"records":2'))
    expect(problems(two)).toEqual([expect.stringContaining('counts the skipped messages')])
  })

  it('sees a record of ours that was skipped as if it were of another log', () => {
    const bodies = [envelope('{"category":"SignInLogs"}', recordText(1))]
    const e = runEvidence(bodies, (message) => {
      const read = readMessage(message, settings)
      if (read.status !== 'split') return read
      return { ...read, records: read.records.map((r) => ({ ...r, reading: { status: 'skipped' } })) }
    })
    expect(problems(e)).toEqual(['record 0/0#1 (detection1) is not in the archive'])
  })

  it('sees a plain record that was taken for a faulty one', () => {
    const e = withArchive((text) =>
      text.replace(
        /,"factKey":"[^"]*","eventId":"[^"]*","event":\{.*?\},"recordBytes"/,
        ',"fault":{"code":"fieldInvalid"},"recordBytes"',
      ),
    )
    expect(problems(e)).toContain('record 0/0#0 (detection1) was not understood: fieldInvalid')
  })

  it('sees a fault that was not dead-lettered', () => {
    expect(problems({ ...evidence(), deadLetters: [] })).toHaveLength(3)
  })

  it('counts what is pending as pending, and what is the same as something delivered as duplicate', () => {
    const twice = runEvidence([envelope(recordText(1), recordText(2)), envelope(recordText(2))])
    const [first] = twice.archive
    const delivered = (sink: SinkEvidence): SinkEvidence => ({ ...sink, received: sink.received.slice(1, 2) })
    const pending = twice.sinks.map(({ name }) => ({ sink: name, blob: first?.name ?? '', line: 0 }))
    const verdict = verify({ ...twice, sinks: twice.sinks.map(delivered), pending })
    expect(verdict.problems).toEqual([])
    expect(verdict.sinks.get('webhook')).toMatchObject({
      delivered: 1,
      pending: 1,
      duplicate: 1,
      received: 1,
    })
  })

  it('does not take for a duplicate what says something else, whatever id it was given', () => {
    const bodies = [envelope(recordText(1), recordText(1).replace('"riskLevel":"high"', '"riskLevel":"low"'))]
    const e = runEvidence(bodies, (message) => {
      const read = readMessage(message, settings)
      if (read.status !== 'split') return read
      const [one] = read.records.flatMap(({ reading }) => (reading.status === 'event' ? [reading.event] : []))
      const records = read.records.map((record) => {
        const { reading } = record
        return reading.status === 'event' && one !== undefined
          ? {
              ...record,
              reading: {
                ...reading,
                event: flatEvent({ ...parseEvent(reading.event), eventId: one.eventId }),
              },
            }
          : record
      })
      return { ...read, records }
    })
    const sinks = e.sinks.map((sink) => ({ ...sink, received: sink.received.slice(0, 1) }))
    expect(problems({ ...e, sinks })).toEqual(
      ['log-analytics', 'webhook'].map(
        (sink) => `record 0/0#1 (detection1) is at ${sink} with another risk.level`,
      ),
    )
  })

  it('asks whether what was given up had to be', () => {
    const e = evidence()
    const deadLetter = {
      sink: 'webhook',
      blob: e.archive[0]?.name ?? '',
      line: 0,
      code: 'payloadRefused',
      firstTriedAtMs: 0,
      deadLetteredAtMs: 1,
    }
    const deadLettered = {
      ...withReceived((received) => received.slice(1)),
      deadLetters: [...e.deadLetters, deadLetter],
    }
    expect(problems(deadLettered)).toEqual([])
    const strict = deadLettered.sinks.map((sink) => ({ ...sink, mayBeDeadLettered: () => false }))
    expect(problems({ ...deadLettered, sinks: strict })).toEqual([
      'record 0/0#0 (detection1) was dead-lettered at webhook for no true reason: payloadRefused',
    ])
  })
})
