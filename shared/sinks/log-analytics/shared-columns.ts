import type { ExportedEvent } from '../../domain/exported-event.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { RiskEvent } from '../../domain/risk-event.ts'
import type { Column } from './column.ts'

/** Columns at the start of every table. */
export const headColumns: readonly Column<ExportedEvent>[] = [
  {
    name: 'TimeGenerated',
    type: 'datetime',
    description: 'When the row was sent. Rules look at this column, timelines at LastUpdatedDateTime.',
    value: 'timeOfSending',
  },
  {
    name: 'EventId',
    type: 'string',
    description: 'Which version of what is known of the fact; drop duplicates by it.',
    value: (a) => a.event.eventId,
  },
  {
    name: 'FactKey',
    type: 'string',
    description: 'Which fact this is, by whichever way it arrived.',
    value: (a) => a.event.factKey,
  },
  {
    name: 'Origin',
    type: 'string',
    description: 'Who put the record on the hub: stream, graph, operator or exporter.',
    value: (a) => a.event.origin,
  },
  {
    name: 'Category',
    type: 'string',
    description: 'Category of the diagnostic setting.',
    value: (a) => a.event.category,
  },
  {
    name: 'EntraTenantId',
    type: 'string',
    description: 'Tenant of the identity.',
    value: (a) => a.event.tenantId,
  },
  {
    name: 'LastUpdatedDateTime',
    type: 'datetime',
    description: 'When Microsoft last changed the fact (UTC).',
    value: (a) => isoInstant(a.event.lastUpdatedAt),
  },
  {
    name: 'LastUpdatedFrom',
    type: 'string',
    description: 'enqueuedTime where the record has no time that can be read; else empty.',
    value: (a) => a.event.lastUpdatedFrom,
  },
]

/** Whom the risk is about, and how high it is. */
export const riskColumns: readonly Column<RiskEvent>[] = [
  {
    name: 'IdentityType',
    type: 'string',
    description: 'servicePrincipal, agent or user.',
    value: (a) => a.event.identity.type,
  },
  {
    name: 'IdentityId',
    type: 'string',
    description: 'Object id of the identity.',
    value: (a) => a.event.identity.id,
  },
  {
    name: 'IdentityDisplayName',
    type: 'string',
    description: 'Display name of the identity.',
    value: (a) => a.event.identity.displayName,
  },
  {
    name: 'IdentitySubtype',
    type: 'string',
    description: 'Service principal type or agent identity type, as sent.',
    value: (a) => a.event.identity.subtype,
  },
  {
    name: 'ServicePrincipalId',
    type: 'string',
    description: 'Object id, where the identity is a service principal.',
    value: (a) => (a.event.identity.type === 'servicePrincipal' ? a.event.identity.id : undefined),
  },
  {
    name: 'UserPrincipalName',
    type: 'string',
    description: 'Where the identity is a user.',
    value: (a) => a.event.identity.userPrincipalName,
  },
  {
    name: 'AppId',
    type: 'string',
    description: 'Application (client) id.',
    value: (a) => a.event.identity.appId,
  },
  {
    name: 'AccountEnabled',
    type: 'boolean',
    description: 'Whether the identity may sign in, where the record says so.',
    value: (a) => a.event.identity.enabled,
  },
  {
    name: 'IsDeleted',
    type: 'boolean',
    description: 'Whether the identity is deleted, where the record says so.',
    value: (a) => a.event.identity.deleted,
  },
  {
    name: 'IsProcessing',
    type: 'boolean',
    description: 'Set while Microsoft is still computing the values.',
    value: (a) => a.event.processing,
  },
  {
    name: 'RiskLevel',
    type: 'string',
    description: 'low, medium, high, none, or hidden: the licence does not show it.',
    value: (a) => a.event.risk.level,
  },
  {
    name: 'RiskState',
    type: 'string',
    description: 'atRisk, confirmedCompromised, dismissed, remediated, confirmedSafe or none.',
    value: (a) => a.event.risk.state,
  },
  {
    name: 'RiskDetail',
    type: 'string',
    description: 'Why the state is what it is.',
    value: (a) => a.event.risk.detail,
  },
]

/** Columns at the end of every table: the event's place in the archive. */
export const evidenceColumns: readonly Column<ExportedEvent>[] = [
  {
    name: 'EnqueuedDateTime',
    type: 'datetime',
    description: 'When the Event Hub took the message (UTC).',
    value: (a) => isoInstant(a.position.enqueuedAt),
  },
  {
    name: 'SourceNamespace',
    type: 'string',
    description: 'Event Hubs namespace.',
    value: (a) => a.position.namespace,
  },
  { name: 'SourceHub', type: 'string', description: 'Event hub.', value: (a) => a.position.hub },
  {
    name: 'SourcePartition',
    type: 'string',
    description: 'Partition of the event hub.',
    value: (a) => a.position.partition,
  },
  {
    name: 'SequenceNumber',
    type: 'long',
    description: 'Sequence number of the message in its partition.',
    value: (a) => a.position.sequenceNumber,
  },
  {
    name: 'RecordOrdinal',
    type: 'int',
    description: 'Which record of the message, from 0.',
    value: (a) => a.ordinal,
  },
  {
    name: 'RecordDigest',
    type: 'string',
    description: 'SHA-256 of the exact bytes of the record.',
    value: (a) => a.digest,
  },
  {
    name: 'ArchiveBlob',
    type: 'string',
    description: 'Blob of the archive that holds the record.',
    value: (a) => a.blob,
  },
  { name: 'ArchiveLine', type: 'int', description: 'Line of that blob, from 0.', value: (a) => a.line },
]
