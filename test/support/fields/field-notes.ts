import type { EventField, Field } from '../../../shared/domain/event-fields.ts'

/** What the pages say of a field, in Markdown. */
export interface FieldNote {
  readonly meaning: string
  /**
   * Where it is read from, if that is more than the names in `risk-fields.ts` and `field-names.ts`.
   */
  readonly record?: string
}

/** Every field has a note; `tsc` fails for one without. */
export const FIELD_NOTES: Readonly<Record<EventField, FieldNote>> = {
  kind: {
    meaning: '`riskDetection`, `riskyIdentity`, `identityContext`, `responseAction` or `heartbeat`',
    record: 'from the category',
  },
  eventId: {
    meaning: 'identifies the version of the fact; **drop duplicates by it**',
    record: 'computed',
  },
  factKey: { meaning: 'identifies the fact, however it arrived', record: 'computed' },
  origin: {
    meaning:
      'who put the record on the hub: `stream`, `graph`, `operator`, `exporter`; as stated by the sender',
    record: '`origin` (around), else `stream`',
  },
  category: {
    meaning: "category of the diagnostic setting, in Microsoft's spelling",
    record: '`category` (around)',
  },
  tenantId: {
    meaning: 'tenant of the identity, lower case',
    record:
      '`AADTenantId`, `tenantId` (in flat records only in this spelling), else the GUID in `resourceId` (around), else `ENTRA_TENANT_ID`',
  },
  detectionId: { meaning: "Microsoft's id of the detection", record: '`id` of a detection' },
  'identity.type': { meaning: '`servicePrincipal`, `agent` or `user`', record: 'from the category' },
  'identity.id': {
    meaning: 'object id of the identity',
    record: '`servicePrincipalId`, `agentId`, `userId`; `id` of a risky identity',
  },
  'identity.displayName': { meaning: 'display name of the identity' },
  'identity.appId': { meaning: 'application (client) id' },
  'identity.subtype': { meaning: 'type of the service principal, or kind of agent, as sent' },
  'identity.blueprintId': { meaning: 'blueprint that the agent was created from' },
  'identity.userPrincipalName': { meaning: 'of a user' },
  'identity.enabled': { meaning: 'whether the identity may sign in' },
  'identity.deleted': { meaning: 'whether the identity is deleted' },
  'risk.level': { meaning: '`hidden` is neither low nor none: the licence does not show it' },
  'risk.state': { meaning: '`atRisk`, `confirmedCompromised`, `dismissed`, `remediated`…' },
  'risk.detail': { meaning: 'why the state is what it is' },
  'risk.eventType': { meaning: '[type of the detection](detections.md)' },
  activityAt: { meaning: 'when the activity happened' },
  detectedAt: { meaning: 'when it was detected' },
  lastUpdatedAt: {
    meaning:
      'when Microsoft last changed the fact; when a heartbeat was sent, a context was read, an action was answered. If the record does not say: [the next best time](input.md#times)',
    record:
      '`lastUpdatedDateTime`, `lastModifiedDateTime`, `riskLastUpdatedDateTime`, `riskLastModifiedDateTime`, else `time`, `TimeGenerated` (around), else when it was detected or happened, else the enqueued time',
  },
  lastUpdatedFrom: {
    meaning:
      '`enqueuedTime` if the record has no time at all, so `lastUpdatedAt` is the enqueued time of its message',
    record: 'computed',
  },
  source: { meaning: 'product that made the detection' },
  timingType: { meaning: '`realtime`, `nearRealtime`, `offline`, `notDefined`' },
  activity: { meaning: 'kind of activity' },
  tokenIssuerType: { meaning: 'who issued the token' },
  requestId: { meaning: 'sign-in request, where there is one' },
  correlationId: { meaning: 'of the sign-in, where there is one' },
  signInRequestId: { meaning: "request id of an agent's sign-in" },
  signInCorrelationId: { meaning: "correlation id of an agent's sign-in" },
  clientSessionId: { meaning: "session of an agent's client" },
  ipAddress: {
    meaning: 'address of the activity, without port and zone',
    record: '`ipAddress`, else `callerIpAddress` (around)',
  },
  location: { meaning: 'as sent: an object, or a text' },
  keyIds: { meaning: 'credentials that the detection is about' },
  additionalInfo: { meaning: "array of `{key, value}`, parsed from Microsoft's JSON text" },
  evidence: { meaning: "Microsoft's short explanation (agents)" },
  'attack.techniques': {
    meaning: 'MITRE ATT&CK',
    record: '`mitreTechniqueId`, `mitreTechniques` in `additionalInfo`, else the catalogue',
  },
  'attack.origin': { meaning: "`wire` (Microsoft's) or `catalogue` (ours)", record: 'computed' },
  'detection.name': { meaning: 'of the type, in our catalogue', record: 'catalogue' },
  'detection.description': { meaning: 'likewise', record: 'catalogue' },
  'detection.severity': { meaning: 'likewise', record: 'catalogue' },
  'detection.links': { meaning: 'likewise: how to investigate', record: 'catalogue' },
  processing: { meaning: 'set while Microsoft is still computing the values' },
  extra: {
    meaning:
      'fields that the program does not know, and fields whose value it cannot read, verbatim; a number that exceeds a double is a string of its digits',
    record: 'every field that is unknown or cannot be read',
  },
  version: { meaning: 'version of the program that sent it', record: 'of a heartbeat' },
  health: {
    meaning:
      'counts since the last one, pending events, lag per partition; `programSha256`: which program sent it',
    record: 'of a heartbeat',
  },
  context: {
    meaning:
      'what an investigator asks first, as read from Microsoft Graph: one member per [section](graph.md#identity-context), `{"unknown": reason}` where it could not be read',
    record: '`context` of an identity context',
  },
  response: {
    meaning:
      'what an operator did: `action`, `result`, `fault`, `requestId`, `actorId`, `reason`, `accountEnabledBefore`, `credential`, `force`',
    record: '`response` of a response',
  },
}

/** Fields beside the event's own, and where they are from. */
export const PLACE_NOTES: Readonly<
  Record<Exclude<Field, EventField | 'redacted' | 'cut' | 'event' | 'servicePrincipalId' | 'of'>, string>
> = {
  namespace: 'namespace of the message',
  hub: 'hub of the message',
  partition: 'partition of the message',
  sequenceNumber: 'sequence number of the message',
  enqueuedAt: 'enqueued time of the message',
  ordinal: 'which record of the message',
  digest: 'SHA-256 of the record',
  blob: 'archive blob that holds the record',
  line: 'line of that blob',
}
