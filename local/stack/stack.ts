import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOCAL_OPERATOR_ID } from '../../shared/config/local-connection.ts'
import { needsOf } from '../../shared/graph/respond/needs.ts'
import { RESPONSE_ACTIONS } from '../../shared/graph/respond/response-action.ts'
import { NAME_PERMISSIONS } from '../../shared/graph/responsible-names.ts'
import { riskCollections } from '../../shared/graph/risk-collections.ts'
import { tableDeclarations } from '../../shared/sinks/log-analytics/tables.ts'
import { type Azurite, type AzuriteAccount, startAzurite } from '../emulators/azurite/azurite.ts'
import { type EventHubEmulator, startEventHubEmulator } from '../emulators/event-hubs/emulator.ts'
import { type EmulatedGraph, startGraph } from '../emulators/graph/graph.ts'
import { seed } from '../emulators/graph/seed.ts'
import type { StoredRequest } from '../emulators/http/stored-request.ts'
import { type LogsIngestion, startLogsIngestion } from '../emulators/logs-ingestion/logs-ingestion.ts'
import { type ManagedIdentity, startManagedIdentity } from '../emulators/managed-identity/managed-identity.ts'
import { type SiemReceiver, startSiemReceiver } from '../emulators/siem/siem-receiver.ts'
import { createLocalAuthority } from '../emulators/tls/local-authority.ts'
import { createStorage } from './create-storage.ts'
import { emulatedWebhook } from './emulated-webhook.ts'
import { hostEnvironment } from './host-environment.ts'
import { type HostProcess, startHostProcess } from './host-process.ts'
import { HUB, PARTITIONS, RULE_ID } from './names.ts'

/** Azure's token audience of Azure Monitor. */
const MONITOR_AUDIENCE = 'https://monitor.azure.com'

export type StackStorage = Pick<Azurite, keyof AzuriteAccount | 'pause' | 'resume' | 'stop'>

export interface StackOptions {
  readonly nowMs: () => number
  /** Where the app keeps its data, until the stack stops; default: an Azurite of its own. */
  readonly storage?: Promise<StackStorage> | undefined
  /** Settings of the app over the stack's own. */
  readonly settings?: Readonly<Record<string, string>>
  /** PEM certificates to trust for the webhook, besides the stack's own. */
  readonly webhookCaPem?: string | undefined
  /** Called for every request that a receiver stored. */
  readonly onStored?: (sink: 'log-analytics' | 'webhook', stored: StoredRequest) => void
}

/** Everything around the function host, on 127.0.0.1 and on real protocols. */
export interface Stack {
  readonly hub: EventHubEmulator
  readonly azurite: StackStorage
  readonly ingestion: LogsIngestion
  readonly siem: SiemReceiver
  readonly graph: EmulatedGraph
  readonly identity: ManagedIdentity
  /** What arrived: `log-analytics/` and `webhook/`. */
  readonly directory: string
  /** App settings for a host on this stack. */
  readonly environment: Readonly<Record<string, string>>
  startHost(onLog: (level: string, line: string) => void): Promise<HostProcess>
  stop(): Promise<void>
}

/** Object id of the app's identity in the directory. */
const APP_ID = '5f0c2c8e-4b7d-4a55-8f7e-0d3f6c1b9a11'
/** What docs/graph.md says to grant. */
const APP_PERMISSIONS = [
  ...riskCollections(true).map(({ permission }) => permission),
  'Application.Read.All',
  'AgentIdentity.Read.All',
  'DelegatedPermissionGrant.Read.All',
  'Policy.Read.All',
  'RoleManagement.Read.Directory',
  'microsoft.aadiam/diagnosticSettings/read',
]

/** What docs/graph.md says an operator needs to respond. */
const OPERATOR_PERMISSIONS = [
  ...RESPONSE_ACTIONS.flatMap((name) => needsOf(name, true)),
  ...riskCollections(true),
]
  .map(({ permission }) => permission)
  .concat(NAME_PERMISSIONS)

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** Runs every closing step, the last opened first, even if one fails. */
async function closeAll(closing: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closing.toReversed()) await close().catch(() => undefined)
}

/** Starts the stack; `stop` removes it, and what it started ends with this process. */
export async function startStack({
  nowMs,
  storage = startAzurite(),
  settings = {},
  webhookCaPem = '',
  onStored,
}: StackOptions): Promise<Stack> {
  const closing: (() => Promise<unknown>)[] = []
  try {
    const directory = await mkdtemp(join(tmpdir(), 'risk-export-'))
    closing.push(() => rm(directory, { recursive: true, force: true }))
    const secret = settings['WEBHOOK_SECRET'] ?? newSecret()
    const [authority, hub, identity] = await Promise.all([
      createLocalAuthority(),
      startEventHubEmulator({ hubs: [{ name: HUB, partitions: PARTITIONS }], nowMs }),
      startManagedIdentity({ header: randomBytes(24).toString('base64url'), nowMs }),
    ])
    closing.push(
      () => hub.stop(),
      () => identity.stop(),
    )
    const caFile = join(directory, 'ca.pem')
    await writeFile(caFile, authority.caPem)
    let graphAudience = ''
    const [ingestion, siem, graph] = await Promise.all([
      startLogsIngestion({
        authority,
        tables: tableDeclarations(),
        ruleId: RULE_ID,
        isValidToken: (token) => identity.isValid(token, MONITOR_AUDIENCE),
        nowMs,
        directory: join(directory, 'log-analytics'),
        onStored: (stored) => onStored?.('log-analytics', stored),
      }),
      startSiemReceiver({
        authority,
        secrets: [secret],
        ...emulatedWebhook(
          { WEBHOOK_URL: 'https://localhost', WEBHOOK_SECRET: secret, ...settings },
          nowMs,
          identity,
        ),
        nowMs,
        directory: join(directory, 'webhook'),
        onStored: (stored) => onStored?.('webhook', stored),
      }),
      startGraph({
        authority,
        principals: [
          {
            id: LOCAL_OPERATOR_ID,
            holds: (given) => identity.isValid(given, graphAudience, LOCAL_OPERATOR_ID),
            permissions: OPERATOR_PERMISSIONS,
          },
          {
            id: APP_ID,
            holds: (given) => identity.isValid(given, graphAudience),
            permissions: APP_PERMISSIONS,
          },
        ],
        nowMs,
      }),
    ])
    graphAudience = graph.url
    seed(graph.tenant)
    closing.push(
      () => ingestion.stop(),
      () => siem.stop(),
      () => graph.stop(),
    )
    const azurite = await storage
    closing.push(() => azurite.stop())
    await createStorage(azurite.connectionString)
    const environment = {
      ...hostEnvironment({
        hub,
        azurite,
        identity,
        ingestion,
        siem,
        graph,
        secret,
        caPem: `${authority.caPem}\n${webhookCaPem}`,
        caFile,
      }),
      ...settings,
    }
    return {
      hub,
      azurite,
      ingestion,
      siem,
      graph,
      identity,
      directory,
      environment,
      startHost: (onLog) => startHostProcess({ environment, onLog }),
      stop: () => closeAll(closing),
    }
  } catch (error) {
    await closeAll(closing)
    throw error
  }
}
