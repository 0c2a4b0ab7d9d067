import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import { eventJson } from '../../shared/domain/event-json.ts'
import { shortText } from './short-text.ts'
import { shownContent } from './shown-content.ts'
import type { Evidence, FaultyContent, NewestEvent } from './stack-state.ts'

type LineOf<K extends ArchiveLine['kind']> = Extract<ArchiveLine, { kind: K }>

const evidence = (line: LineOf<'event' | 'fault' | 'unsplit'>, digest: string): Evidence => ({
  blob: line.blob,
  line: line.line,
  digest,
  partition: line.position.partition,
  sequenceNumber: line.position.sequenceNumber,
  enqueuedAt: line.position.enqueuedAt,
})

/** An archived event, as the page lists it. */
export function newestEvent(line: LineOf<'event'>, seenBefore: boolean): NewestEvent {
  const { event, archived } = line
  const common = {
    ...evidence(line, archived.digest),
    eventId: event.eventId,
    lastUpdatedAt: event.lastUpdatedAt,
    seenBefore,
    record: shownContent(line.record),
    event: shownContent(eventJson(archived.event.fields)),
  }
  if (event.kind === 'heartbeat') return { ...common, kind: event.kind }
  const { identity, risk } = event
  return {
    ...common,
    kind: event.kind,
    identityType: identity.type,
    identityName: shortText(identity.displayName ?? identity.id),
    ...(risk.level === undefined ? {} : { riskLevel: shortText(risk.level) }),
    ...(risk.state === undefined ? {} : { riskState: shortText(risk.state) }),
    ...(event.kind === 'riskDetection'
      ? { detectionName: event.detection?.name ?? shortText(risk.eventType ?? 'not stated') }
      : {}),
  }
}

/** What could not be read, as the page lists it. */
export function faultyContent(line: LineOf<'fault' | 'unsplit'>): FaultyContent {
  const { code, message, field } = line.fault
  const ofRecord = line.kind === 'fault'
  return {
    ...evidence(line, ofRecord ? line.digest : line.bodyDigest),
    fault: { code, message, ...(field === undefined ? {} : { field }) },
    what: ofRecord ? 'record' : 'message',
    content: shownContent(ofRecord ? line.record : line.body),
  }
}
