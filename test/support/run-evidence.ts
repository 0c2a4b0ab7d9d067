import type { Evidence, SinkEvidence } from '../../local/checks/verify/evidence.ts'
import { parseCloudEvents, parseRows } from '../../local/checks/verify/parse-received.ts'
import { buildChunk } from '../../shared/archive/chunk.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { isFault } from '../../shared/domain/fault.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import type { Message } from '../../shared/domain/position.ts'
import type { ReadMessage } from '../../shared/domain/read-message.ts'
import { logRow } from '../../shared/sinks/log-analytics/log-row.ts'
import { encodeEvent } from '../../shared/sinks/webhook/encode-event.ts'
import { cloudEvent } from '../../shared/sinks/webhook/formats/cloudevents/cloud-event.ts'
import { FRAMINGS } from '../../shared/sinks/webhook/framing.ts'
import { redactor } from '../../shared/sinks/webhook/redact.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { settings } from '../source/reading-under-test.ts'
import { spanText } from './event-forms.ts'

const MAX_REQUEST_BYTES = 1_000_000
/** What the two receivers hold once they have got events. */
export function receiversOf(events: readonly ArchivedEvent[]): readonly [SinkEvidence, SinkEvidence] {
  const rows = events.map((event) => {
    const row = logRow(event, MAX_REQUEST_BYTES)
    return { file: `${row.route.replace('Custom-', '')}.ndjson`, row: `{"TimeGenerated":""${spanText(row)}` }
  })
  const cloudEvents = events.map((event) => {
    const encoding = {
      encoder: cloudEvent,
      framing: FRAMINGS.array,
      maxBytes: MAX_REQUEST_BYTES,
      redact: redactor([], undefined),
      settingsPrefix: 'WEBHOOK_',
    }
    const encoded = encodeEvent(encoding, event)
    if (isFault(encoded)) throw new Error('an event that no webhook takes')
    return spanText(encoded)
  })
  return [
    { name: 'log-analytics', received: rows.flatMap(({ file, row }) => parseRows(row, file)) },
    { name: 'webhook', received: parseCloudEvents(`[${cloudEvents.join(',')}]`) },
  ]
}

/**
 * A run in which everything went well, as it looks from outside.
 * @param read how messages are read; default: as the program reads them
 */
export function runEvidence(
  bodies: readonly Uint8Array[],
  read: (message: Message) => ReadMessage = (message) => readMessage(message, settings),
): Evidence {
  const messages = bodies.map((body, sequenceNumber) => ({
    body,
    position: {
      namespace: 'ns',
      hub: 'hub',
      partition: '0',
      sequenceNumber,
      offset: '0',
      enqueuedAt: instant(Date.UTC(2026, 2, 1, 9) + sequenceNumber),
    },
  }))
  const chunk = buildChunk(messages.map(read))
  return {
    sent: messages.map(({ body, position }) => ({ body, ...position, enqueuedAtMs: position.enqueuedAt })),
    archive: [{ name: chunk.blob, content: chunk.content }],
    sinks: receiversOf(chunk.events),
    pending: [],
    deadLetters: chunk.faults.map(({ blob, line, fault }) => ({
      sink: undefined,
      blob,
      line,
      code: fault.code,
      firstTriedAtMs: 0,
      deadLetteredAtMs: 0,
    })),
  }
}
