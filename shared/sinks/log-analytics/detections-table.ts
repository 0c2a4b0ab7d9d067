import { column, type Table } from './column.ts'
import { evidenceColumns, headColumns, riskColumns } from './shared-columns.ts'

/** Risk detections: what was found, on whom, when. */
export const detectionsTable: Table = {
  name: 'EntraRiskDetections_CL',
  description: 'Risk detections of Microsoft Entra ID Protection on workload identities.',
  columns: [
    ...headColumns,
    column('RiskDetectionId', 'string', 'detectionId', 'Id of the detection.'),
    column('RiskEventType', 'string', 'risk.eventType', 'Type of the detection, as Microsoft names it.'),
    column(
      'DetectionName',
      'string',
      'detection.name',
      'Official name of a documented type, in the language set.',
    ),
    column(
      'DetectionSeverity',
      'string',
      'detection.severity',
      'Default severity of a documented type: informational, low, medium or high.',
    ),
    column('AttackTechniques', 'dynamic', 'attack.techniques', 'MITRE ATT&CK techniques.'),
    column(
      'AttackOrigin',
      'string',
      'attack.origin',
      'Who named the techniques: wire (Microsoft) or catalogue (this program).',
    ),
    ...riskColumns,
    column('KeyIds', 'dynamic', 'keyIds', 'Credentials that the detection is about.'),
    column('IpAddress', 'string', 'ipAddress', 'Address of the activity.'),
    column('Location', 'dynamic', 'location', 'Place of the activity.'),
    column(
      'AdditionalInfo',
      'dynamic',
      'additionalInfo',
      'Further keys and values, as an array of {key, value}.',
    ),
    column('RiskEvidence', 'string', 'evidence', "Microsoft's short explanation (agents)."),
    column('Activity', 'string', 'activity', 'Kind of activity that the detection is linked to.'),
    column('ActivityDateTime', 'datetime', 'activityAt', 'When the activity happened (UTC).'),
    column('DetectedDateTime', 'datetime', 'detectedAt', 'When it was detected (UTC).'),
    column('DetectionTimingType', 'string', 'timingType', 'realtime, nearRealtime, offline or notDefined.'),
    column('Source', 'string', 'source', 'Product that made the detection.'),
    column('TokenIssuerType', 'string', 'tokenIssuerType', 'Who issued the token.'),
    column('RequestId', 'string', 'requestId', 'Sign-in request, where there is one.'),
    column('CorrelationId', 'string', 'correlationId', 'Correlation id of the sign-in, where there is one.'),
    column('SignInRequestId', 'string', 'signInRequestId', 'Request id of the sign-in (agents).'),
    column('SignInCorrelationId', 'string', 'signInCorrelationId', 'Correlation id of the sign-in (agents).'),
    column('ClientSessionId', 'string', 'clientSessionId', 'Session of the client (agents).'),
    column('ExtraFields', 'dynamic', 'extra', 'Fields that this program does not know, verbatim.'),
    ...evidenceColumns,
  ],
}
