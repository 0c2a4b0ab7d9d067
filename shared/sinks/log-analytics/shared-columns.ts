import { type Column, column } from './column.ts'

/** Columns at the start of every table. */
export const headColumns: readonly Column[] = [
  column(
    'TimeGenerated',
    'datetime',
    'timeOfSending',
    "When the row's request was made. Rules look at this column, timelines at LastUpdatedDateTime.",
  ),
  column(
    'EventId',
    'string',
    'eventId',
    'Which version of what is known of the fact; drop duplicates by it.',
  ),
  column('FactKey', 'string', 'factKey', 'Which fact this is, by whichever way it arrived.'),
  column('Origin', 'string', 'origin', 'Who put the record on the hub: stream, graph, operator or exporter.'),
  column(
    'IsBackfilled',
    'boolean',
    'isBackfilled',
    'True for history: a replay, or read from Graph more than a day after it was published. Rules leave it out.',
  ),
  column('Category', 'string', 'category', 'Category of the diagnostic setting.'),
  column('EntraTenantId', 'string', 'tenantId', 'Tenant of the identity.'),
  column('LastUpdatedDateTime', 'datetime', 'lastUpdatedAt', 'When Microsoft last changed the fact (UTC).'),
  column(
    'LastUpdatedFrom',
    'string',
    'lastUpdatedFrom',
    'enqueuedTime where the record has no time that can be read; else empty.',
  ),
]

/** Whom the risk is about, and how high it is. */
export const riskColumns: readonly Column[] = [
  column('IdentityType', 'string', 'identity.type', 'servicePrincipal, agent or user.'),
  column('IdentityId', 'string', 'identity.id', 'Object id of the identity.'),
  column('IdentityDisplayName', 'string', 'identity.displayName', 'Display name of the identity.'),
  column(
    'IdentitySubtype',
    'string',
    'identity.subtype',
    'Service principal type, or kind of agent (agentIdentity, agentUser, agentIdentityBlueprintPrincipal), as sent.',
  ),
  column('BlueprintId', 'string', 'identity.blueprintId', 'Blueprint that an agent was made from.'),
  column(
    'ServicePrincipalId',
    'string',
    'servicePrincipalId',
    'Object id, where the identity is a service principal.',
  ),
  column('UserPrincipalName', 'string', 'identity.userPrincipalName', 'Where the identity is a user.'),
  column('AppId', 'string', 'identity.appId', 'Application (client) id.'),
  column(
    'AccountEnabled',
    'boolean',
    'identity.enabled',
    'Whether the identity may sign in, where the record says so.',
  ),
  column(
    'IsDeleted',
    'boolean',
    'identity.deleted',
    'Whether the identity is deleted, where the record says so.',
  ),
  column('IsProcessing', 'boolean', 'processing', 'Set while Microsoft is still computing the values.'),
  column(
    'RiskLevel',
    'string',
    'risk.level',
    'low, medium, high, none, or hidden: the licence does not show it.',
  ),
  column(
    'RiskState',
    'string',
    'risk.state',
    'atRisk, confirmedCompromised, dismissed, remediated, confirmedSafe or none.',
  ),
  column('RiskDetail', 'string', 'risk.detail', 'Why the state is what it is.'),
]

const NOT_IN_OWN = ['UserPrincipalName', 'IsDeleted', 'IsProcessing', 'RiskDetail']

/** The same for what the exporter sends about an identity. */
export const ownRiskColumns: readonly Column[] = riskColumns.filter(({ name }) => !NOT_IN_OWN.includes(name))

/** Columns at the end of every table: the event's place in the archive. */
export const evidenceColumns: readonly Column[] = [
  column('EnqueuedDateTime', 'datetime', 'enqueuedAt', 'When the Event Hub took the message (UTC).'),
  column('SourceNamespace', 'string', 'namespace', 'Event Hubs namespace.'),
  column('SourceHub', 'string', 'hub', 'Event hub.'),
  column('SourcePartition', 'string', 'partition', 'Partition of the event hub.'),
  column('SequenceNumber', 'long', 'sequenceNumber', 'Sequence number of the message in its partition.'),
  column('RecordOrdinal', 'int', 'ordinal', 'Which record of the message, from 0.'),
  column('RecordDigest', 'string', 'digest', 'SHA-256 of the exact bytes of the record.'),
  column('ArchiveBlob', 'string', 'blob', 'Blob of the archive that holds the record.'),
  column('ArchiveLine', 'int', 'line', 'Line of that blob, from 0.'),
]
