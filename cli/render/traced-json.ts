import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import type { ExportedEvent } from '../../shared/domain/exported-event.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { Identity } from '../../shared/domain/risk-event.ts'
import type { TracedRecord, TraceStep } from '../../shared/operations/trace/trace-steps.ts'

type RecordLine = Exclude<ArchiveLine, { kind: 'skipped' }>

/** Only what identifies an event. */
function eventHead(event: ExportedEvent) {
  const { kind, eventId, factKey, category } = event
  const head = { kind, eventId, factKey, category }
  switch (event.kind) {
    case 'heartbeat':
      return head
    case 'riskyIdentity':
    case 'identityContext':
    case 'responseAction':
      return { ...head, identity: identityOf(event), risk: event.risk }
    case 'riskDetection':
      return { ...head, detectionId: event.detectionId, identity: identityOf(event), risk: event.risk }
  }
}

const identityOf = ({ identity: { type, id } }: { readonly identity: Identity }) => ({
  type,
  id,
})

const contentOf = (line: RecordLine) =>
  line.kind === 'event'
    ? { event: eventHead(line.event) }
    : { fault: { code: line.fault.code, message: line.fault.message, field: line.fault.field } }

const stepJson = ({ at, ...step }: TraceStep) => ({ at: isoInstant(at), ...step })

/** `trace --json`. */
export const tracedJson = (
  wanted: string,
  found: { readonly records: readonly TracedRecord[]; readonly more: boolean; readonly blobs: number },
) => ({
  wanted,
  blobs: found.blobs,
  more: found.more,
  records: found.records.map(({ line, copies, outcomes, steps }) => ({
    position: { ...line.position, enqueuedAt: isoInstant(line.position.enqueuedAt) },
    ordinal: line.ordinal,
    of: line.of,
    origin: line.origin,
    copies,
    ...contentOf(line),
    sinks: Object.fromEntries(outcomes),
    steps: steps.map(stepJson),
  })),
})
