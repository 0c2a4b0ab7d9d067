import { describe, expect, it } from 'vitest'
import { ArchiveCounter } from '../../../local/console/archive-figures.ts'
import { buildState } from '../../../local/console/build-state.ts'
import { SHOWN } from '../../../local/console/stack-state.ts'
import { instant, tenantId } from '../../../shared/domain/identifiers.ts'
import { heartbeatMessage } from '../../../shared/operations/heartbeat.ts'
import { archiveLines } from '../../support/archive-lines.ts'
import { detectionRecord, riskyRecord, stateAfter } from '../../support/page-state.ts'

const signIn = '{"category":"SignInLogs"}'

describe('the figures of the page', () => {
  it('count messages, records, events, faults and skipped records, and those add up', () => {
    const state = stateAfter(
      archiveLines([
        `{"records":[${riskyRecord()},${signIn},null]}`,
        signIn,
        signIn,
        '{cut',
        detectionRecord(),
      ]),
    )
    expect(state).toMatchObject({ messages: 5, records: 7, events: 2, faults: 2, skipped: 3 })
    expect(state.archive).toEqual({ blobs: 1, lines: 4, unsealed: 0 })
  })

  it("count heartbeats apart: they are the program's own", () => {
    const head = { tenantId: tenantId('11111111-2222-4333-8444-555555555555'), instanceId: 'i', version: '1' }
    const sentAt = instant(Date.UTC(2026, 10, 2, 8))
    const beat = heartbeatMessage({ ...head, since: sentAt, sentAt }, {})
    const fed = archiveLines([riskyRecord(), signIn])
    const state = stateAfter([...fed, ...archiveLines([beat], 2)])
    expect(state).toMatchObject({ messages: 2, records: 2, events: 1, skipped: 1, faults: 0 })
    expect(state.archive).toEqual(stateAfter(fed).archive)
    expect(state).toMatchObject({ heartbeats: 1, lastHeartbeatAt: sentAt })
    expect(state.newest.map((e) => e.kind)).toEqual(['heartbeat', 'riskyIdentity'])
  })

  it('count what else the exporter sends apart, too, however many share a message', () => {
    const context = {
      category: 'RiskExport.IdentityContext',
      tenantId: '11111111-2222-4333-8444-555555555555',
      properties: { identityId: 'p', identityType: 'servicePrincipal', context: {} },
    }
    const fed = archiveLines([riskyRecord(), signIn])
    const own = JSON.stringify({
      records: [context, { ...context, properties: { ...context.properties, identityId: 'q' } }],
    })
    const state = stateAfter([...fed, ...archiveLines([own], 2)])
    expect(state).toMatchObject({ messages: 2, records: 2, events: 1, own: 2, heartbeats: 0 })
    expect(state.archive).toEqual(stateAfter(fed).archive)
    expect(state.newest.map((e) => e.kind)).toEqual(['identityContext', 'identityContext', 'riskyIdentity'])
  })

  it('count messages at the hub, read or not', () => {
    const archive = new ArchiveCounter()
    for (const line of archiveLines([riskyRecord()])) archive.add(line)
    const rest = { sinks: [], startedAt: 0, connectionString: '', hub: 'h', unreadForMs: 20_000 }
    expect(buildState({ archive, hubMessages: 3, ...rest })).toMatchObject({
      messages: 3,
      unread: 2,
      unreadForMs: 20_000,
    })
  })

  it('count a batch once that ran twice with other edges', () => {
    const bodies = [
      riskyRecord(),
      `{"records":[${detectionRecord()},null,${signIn}]}`,
      detectionRecord({ id: 'b4'.repeat(32) }),
    ]
    const once = stateAfter(archiveLines(bodies))
    const twice = stateAfter([...archiveLines(bodies.slice(0, 2)), ...archiveLines(bodies)])
    expect({ ...twice, archive: once.archive, newest: [], faulty: [] }).toEqual({
      ...once,
      newest: [],
      faulty: [],
    })
    expect(twice.newest).toHaveLength(3)
  })

  it('count lower sequence numbers again when the hub was made anew', () => {
    const later = { enqueuedAt: instant(Date.UTC(2026, 10, 3)) }
    const state = stateAfter([
      ...archiveLines([riskyRecord(), riskyRecord()], 5),
      ...archiveLines([riskyRecord(), riskyRecord()], 0, later),
    ])
    expect(state.messages).toBe(4)
  })

  it('mark an event that came before', () => {
    const { newest } = stateAfter(
      archiveLines([riskyRecord(), riskyRecord(), riskyRecord({ riskLevel: 'low' })]),
    )
    expect(newest.map((e) => e.seenBefore)).toEqual([false, true, false])
  })

  it('hold the newest events first, with the exact record and the event beside it, and no more than are shown', () => {
    const bodies = Array.from({ length: SHOWN.newest + 5 }, (_, i) =>
      riskyRecord({ displayName: `app-${i}` }),
    )
    const { newest } = stateAfter(archiveLines(bodies))
    expect(newest).toHaveLength(SHOWN.newest)
    expect(newest[0]).toMatchObject({
      identityName: `app-${SHOWN.newest + 4}`,
      kind: 'riskyIdentity',
      sequenceNumber: SHOWN.newest + 4,
    })
    expect(newest[0]?.record).toEqual({
      text: bodies.at(-1),
      form: 'text',
      bytes: bodies.at(-1)?.length,
      cut: false,
    })
    expect(JSON.parse(newest[0]?.event.text ?? '')).toMatchObject({
      identity: { displayName: `app-${SHOWN.newest + 4}` },
    })
  })

  it('hold the newest by arrival at the hub, whatever the order in which partitions are read', () => {
    const of = (sequenceNumber: number, partition: string) =>
      archiveLines([riskyRecord({ displayName: `app-${sequenceNumber}` })], sequenceNumber, { partition })
    const { newest } = stateAfter([...of(1, '0'), ...of(4, '0'), ...of(2, '1'), ...of(3, '1'), ...of(5, '2')])
    expect(newest.map((e) => e.identityName)).toEqual(['app-5', 'app-4', 'app-3', 'app-2', 'app-1'])
  })

  it('stay small when a record is large', () => {
    const state = stateAfter(
      archiveLines([
        riskyRecord({
          displayName: 'n'.repeat(500_000),
          riskState: 's'.repeat(100_000),
          riskLevel: 'l'.repeat(100_000),
        }),
        detectionRecord({ id: 'i'.repeat(200_000), riskEventType: 't'.repeat(300_000) }),
      ]),
    )
    expect(JSON.stringify(state).length).toBeLessThan(6 * SHOWN.textCharacters)
    expect(state.newest[0]?.record).toMatchObject({ cut: true, bytes: expect.any(Number) })
  })

  it('group faults by what they say and keep the exact content of each', () => {
    const { faultGroups, faulty } = stateAfter(
      archiveLines(['{"records":[null,17]}', '', Buffer.from([0xff, 0xfe, 0x7b])]),
    )
    expect(faultGroups.map(({ code, count }) => ({ code, count }))).toEqual([
      { code: 'recordNotObject', count: 2 },
      { code: 'bodyEmpty', count: 1 },
      { code: 'bodyNotUtf8', count: 1 },
    ])
    expect(faulty.map(({ what, content }) => [what, content.form, content.text])).toEqual([
      ['message', 'base64', '//57'],
      ['message', 'text', ''],
      ['record', 'text', '17'],
      ['record', 'text', 'null'],
    ])
  })
})
