import { generateKeyPairSync } from 'node:crypto'
import type { Azurite } from '../emulators/azurite/azurite.ts'
import type { EventHubEmulator } from '../emulators/event-hubs/emulator.ts'
import type { EmulatedGraph } from '../emulators/graph/graph.ts'
import type { LogsIngestion } from '../emulators/logs-ingestion/logs-ingestion.ts'
import type { ManagedIdentity } from '../emulators/managed-identity/managed-identity.ts'
import type { SiemReceiver } from '../emulators/siem/siem-receiver.ts'
import { CONSUMER_GROUP, HUB, RULE_ID, TENANT_ID } from './names.ts'

const newSigningKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString()

/** What the app's settings point at. */
export interface StackEndpoints {
  readonly hub: Pick<EventHubEmulator, 'connectionString'>
  readonly azurite: Pick<Azurite, 'connectionString'>
  readonly identity: Pick<ManagedIdentity, 'url' | 'header'>
  readonly ingestion: Pick<LogsIngestion, 'url'>
  readonly siem: Pick<SiemReceiver, 'url'>
  readonly graph: Pick<EmulatedGraph, 'url'>
  readonly secret: string
  readonly caPem: string
  readonly caFile: string
}

/**
 * The environment of a function host on the embedded stack: app settings, and the platform's part.
 */
export const hostEnvironment = (endpoints: StackEndpoints): Record<string, string> => ({
  ENTRA_TENANT_ID: TENANT_ID,
  INCLUDE_USER_RISK: 'true',
  EVENT_HUB_NAME: HUB,
  EVENT_HUB_CONSUMER_GROUP: CONSUMER_GROUP,
  EventHub: endpoints.hub.connectionString(HUB),
  AzureWebJobsStorage: endpoints.azurite.connectionString,
  ARCHIVE_CONNECTION_STRING: endpoints.azurite.connectionString,
  LOGS_INGESTION_ENDPOINT: endpoints.ingestion.url,
  LOGS_INGESTION_RULE_ID: RULE_ID,
  WEBHOOK_URL: endpoints.siem.url,
  WEBHOOK_SECRET: endpoints.secret,
  WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true',
  WEBHOOK_CA_PEM: endpoints.caPem,
  GRAPH_ENDPOINT: endpoints.graph.url,
  RESOURCE_MANAGER_ENDPOINT: endpoints.graph.url,
  GRAPH_INCLUDE_AGENTS: 'true',
  SWEEP_SCHEDULE: '*/10 * * * * *',
  EVIDENCE_SEAL_SCHEDULE: '*/10 * * * * *',
  EVIDENCE_SETTLE_SECONDS: '0',
  EVIDENCE_LOCAL_KEY: newSigningKey(),
  // The platform's part: a managed identity, and trust in the ingestion endpoint's certificate.
  IDENTITY_ENDPOINT: endpoints.identity.url,
  IDENTITY_HEADER: endpoints.identity.header,
  NODE_EXTRA_CA_CERTS: endpoints.caFile,
})
