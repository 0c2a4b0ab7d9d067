import { isoInstant } from '../../domain/iso-instant.ts'
import type { RiskDetection } from '../../domain/risk-event.ts'
import type { Table } from './column.ts'
import { evidenceColumns, headColumns, riskColumns } from './shared-columns.ts'

/** Risk detections: what was found, on whom, when. */
export const detectionsTable: Table<RiskDetection> = {
  name: 'EntraRiskDetections_CL',
  description: 'Risk detections of Microsoft Entra ID Protection on workload identities.',
  columns: [
    ...headColumns,
    {
      name: 'RiskDetectionId',
      type: 'string',
      description: 'Id of the detection.',
      value: (a) => a.event.detectionId,
    },
    {
      name: 'RiskEventType',
      type: 'string',
      description: 'Type of the detection, as Microsoft names it.',
      value: (a) => a.event.risk.eventType,
    },
    {
      name: 'DetectionName',
      type: 'string',
      description: 'Official name of a documented type, in the language set.',
      value: (a) => a.event.detection?.name,
    },
    {
      name: 'DetectionSeverity',
      type: 'string',
      description: 'Default severity of a documented type: informational, low, medium or high.',
      value: (a) => a.event.detection?.severity,
    },
    {
      name: 'AttackTechniques',
      type: 'dynamic',
      description: 'MITRE ATT&CK techniques.',
      value: (a) => a.event.attack?.techniques,
    },
    {
      name: 'AttackOrigin',
      type: 'string',
      description: 'Who named the techniques: wire (Microsoft) or catalogue (this program).',
      value: (a) => a.event.attack?.origin,
    },
    ...riskColumns,
    {
      name: 'KeyIds',
      type: 'dynamic',
      description: 'Credentials that the detection is about.',
      value: (a) => a.event.keyIds,
    },
    {
      name: 'IpAddress',
      type: 'string',
      description: 'Address of the activity.',
      value: (a) => a.event.ipAddress,
    },
    {
      name: 'Location',
      type: 'dynamic',
      description: 'Place of the activity.',
      value: (a) => a.event.location,
    },
    {
      name: 'AdditionalInfo',
      type: 'dynamic',
      description: 'Further keys and values, as an array of {key, value}.',
      value: (a) => a.event.additionalInfo.map(({ key, value }) => ({ key, value })),
    },
    {
      name: 'RiskEvidence',
      type: 'string',
      description: "Microsoft's short explanation (agents).",
      value: (a) => a.event.evidence,
    },
    {
      name: 'Activity',
      type: 'string',
      description: 'Kind of activity that the detection is linked to.',
      value: (a) => a.event.activity,
    },
    {
      name: 'ActivityDateTime',
      type: 'datetime',
      description: 'When the activity happened (UTC).',
      value: (a) => (a.event.activityAt === undefined ? undefined : isoInstant(a.event.activityAt)),
    },
    {
      name: 'DetectedDateTime',
      type: 'datetime',
      description: 'When it was detected (UTC).',
      value: (a) => (a.event.detectedAt === undefined ? undefined : isoInstant(a.event.detectedAt)),
    },
    {
      name: 'DetectionTimingType',
      type: 'string',
      description: 'realtime, nearRealtime, offline or notDefined.',
      value: (a) => a.event.timingType,
    },
    {
      name: 'Source',
      type: 'string',
      description: 'Product that made the detection.',
      value: (a) => a.event.source,
    },
    {
      name: 'TokenIssuerType',
      type: 'string',
      description: 'Who issued the token.',
      value: (a) => a.event.tokenIssuerType,
    },
    {
      name: 'RequestId',
      type: 'string',
      description: 'Sign-in request, where there is one.',
      value: (a) => a.event.requestId,
    },
    {
      name: 'CorrelationId',
      type: 'string',
      description: 'Correlation id of the sign-in, where there is one.',
      value: (a) => a.event.correlationId,
    },
    {
      name: 'ExtraFields',
      type: 'dynamic',
      description: 'Fields that this program does not know, verbatim.',
      value: (a) => (Object.keys(a.event.extra).length === 0 ? undefined : a.event.extra),
    },
    ...evidenceColumns,
  ],
}
