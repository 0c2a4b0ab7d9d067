import type { ExportedEvent } from '../../../../domain/exported-event.ts'
import type { Form } from '../../../../domain/form.ts'
import type { EventEncoder } from '../../webhook-format.ts'
import { detectionFinding, identityFinding } from './finding.ts'
import { entityManagement, heartbeatEvent, inventoryInfo } from './own-events.ts'

const FORMS: Readonly<Record<ExportedEvent['kind'], Form>> = {
  riskDetection: detectionFinding,
  riskyIdentity: identityFinding,
  identityContext: inventoryInfo,
  responseAction: entityManagement,
  heartbeat: heartbeatEvent,
}

/**
 * An event in the Open Cybersecurity Schema Framework 1.8, on one line.
 * https://schema.ocsf.io/1.8.0/
 *
 * - Detections and states of identities are Detection Findings (2004): created while at risk,
 * updated when confirmed, closed when dismissed, confirmed safe or remediated. `finding_info.uid`
 * is the id of the detection or the identity, the same over its life.
 * - A context is Cloud Resources Inventory Info (5023), a response Entity Management (3004), a
 * heartbeat a Base Event (0): docs/siem/ocsf.md says why.
 * - `metadata.uid` is the event id; receivers drop duplicates by it.
 * - What the schema has no attribute for is under `unmapped`, by the model's names.
 */
export const ocsfEvent: EventEncoder = {
  write: (out, fields, archived) => FORMS[archived.event.kind].write(out, fields, archived),
}
