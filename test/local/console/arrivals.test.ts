import { describe, expect, it } from 'vitest'
import { receiptArrivals, storedArrivals } from '../../../local/console/arrivals.ts'
import { parseCefLines } from '../../../local/emulators/siem/parse-cef-lines.ts'
import { parseOtlpLogs } from '../../../local/emulators/siem/parse-otlp-logs.ts'
import { parseReceipt } from '../../../shared/delivery/receipts/parse-receipt.ts'
import { cefEvent } from '../../../shared/sinks/webhook/formats/cef/cef-event.ts'
import { ecsDocument } from '../../../shared/sinks/webhook/formats/elastic-bulk/ecs-document.ts'
import { jsonEvent } from '../../../shared/sinks/webhook/formats/json/json-event.ts'
import { ocsfEvent } from '../../../shared/sinks/webhook/formats/ocsf/ocsf-event.ts'
import { otlpLog } from '../../../shared/sinks/webhook/formats/otlp/log-record.ts'
import { hecEvent } from '../../../shared/sinks/webhook/formats/splunk-hec/hec-event.ts'
import { archived, riskyIdentity } from '../../support/archived-events.ts'
import { bytesOf, textOf } from '../../support/event-forms.ts'

const stored = (event: Record<string, string | number>) =>
  storedArrivals({
    requestId: 'r',
    eventIds: ['e'],
    events: [event],
    atMs: 7,
    answered: Promise.resolve(true),
  })

describe('what a receiver holds', () => {
  it('is read from rows, CloudEvents and our own JSON in any format alike', () => {
    expect(stored({ ArchiveBlob: 'b', ArchiveLine: 3 })).toEqual([{ blob: 'b', line: 3, atMs: 7 }])
    expect(stored({ archiveblob: 'b', archiveline: 3 })).toEqual([{ blob: 'b', line: 3, atMs: 7 }])
    const one = archived(riskyIdentity('a'))
    const hec = JSON.parse(textOf(hecEvent({ splunkIndex: undefined, splunkTime: 'arrival' }), one))
    const [, document = ''] = textOf(ecsDocument('default'), one).split('\n')
    const ocsf = JSON.parse(textOf(ocsfEvent, one))
    const [cef] = parseCefLines(bytesOf(cefEvent, one)).events
    const [otlp] = parseOtlpLogs(bytesOf(otlpLog, one)).events
    for (const form of [hec, JSON.parse(document), JSON.parse(textOf(jsonEvent, one)), ocsf, cef, otlp])
      expect(stored(form)).toEqual([{ blob: one.blob, line: one.line, atMs: 7 }])
    expect(stored({ id: 'from elsewhere' })).toEqual([])
  })

  it('is what the receipts say was delivered, where the receiver is not ours', () => {
    const [receipt] = parseReceipt(
      JSON.stringify({
        v: 1,
        at: '2026-11-02T08:30:00Z',
        blob: 'b',
        sinks: [
          { sink: 'webhook', delivered: 3, pending: 1, outcomes: { delivered: '0-1,4', pending: '2' } },
        ],
      }),
    )
    if (receipt === undefined) throw new Error('no receipt')
    expect(receiptArrivals(receipt).map(({ blob, line }) => `${blob}#${line}`)).toEqual(['b#0', 'b#1', 'b#4'])
  })
})
