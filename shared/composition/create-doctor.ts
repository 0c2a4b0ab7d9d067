import type { TokenCredential } from '@azure/identity'
import { ConfigError } from '../config/config-error.ts'
import { unresolvedSettings, withStandIns } from '../config/operator-settings.ts'
import { type AppSettings, readSettings } from '../config/parse-settings.ts'
import type { Environment } from '../config/setting-problems.ts'
import { EVENT_HUB_SINK, LOG_ANALYTICS_SINK } from '../config/sinks-declared.ts'
import { tableOutbox } from '../delivery/outbox/outbox-table.ts'
import type { Sink } from '../delivery/sink.ts'
import type { Time } from '../domain/time.ts'
import { diagnose, type Finding, type Probe } from '../operations/doctor/diagnose.ts'
import { hubProbes } from '../operations/doctor/hub-probes.ts'
import { identityProbe } from '../operations/doctor/identity-probe.ts'
import { settingProbe } from '../operations/doctor/setting-probe.ts'
import { sinkProbes, skippedProbe } from '../operations/doctor/sink-probes.ts'
import { storageProbes } from '../operations/doctor/storage-probes.ts'
import { azureClients } from './azure-clients.ts'
import { type TestDelivery, testDelivery } from './create-test-delivery.ts'
import { type CredentialKind, credentialOf, isAllByConnectionString } from './operator-credential.ts'
import { webhookSinkOf } from './sinks-enabled.ts'
import { tenantSetting } from './tenant-setting.ts'
import { trustingClient } from './trusting-client.ts'

export interface DoctorWorld {
  readonly env: Environment
  readonly credential: CredentialKind
  /** PEM of the embedded stack's certificate authority, which no public trust store has. */
  readonly caPem: string | undefined
  readonly time: Time
  /** Requests a test event, unless something it depends on failed before. */
  readonly deliver?: TestDelivery
}

const AREA = 'settings'

/** Settings without which a sink's check says nothing. */
const NEEDED_FOR_LOGS = ['LOGS_INGESTION_ENDPOINT'] as const
const NEEDED_FOR_HUB = ['EVENT_HUB_OUT_CONNECTION_STRING'] as const
/** Those that have a stand-in, or are left out; without another, a webhook cannot be set up. */
const NEEDED_FOR_WEBHOOK = ['TOKEN', 'HEADERS', 'CLIENT_PEM', 'CA_PEM'] as const

const NOT_DELIVERED: Finding = {
  area: 'delivery',
  name: 'hub',
  level: 'warn',
  says: 'No test event was sent.',
  fix: 'Fix the failed checks above first.',
}

const hidden = (name: string): Finding => ({
  area: AREA,
  name,
  level: 'warn',
  says: 'It is a reference to a Key Vault, which only the app resolves.',
  fix: 'Check the app: the portal shows whether the reference is resolved, `/api/health` whether it works.',
})

/** The doctor takes no lease. */
const NO_TOKEN = (): string => ''

/** Checks everything the program needs, concurrently; one failure never hides another. */
export async function runDoctor(world: DoctorWorld): Promise<readonly Finding[]> {
  const { env, credential: kind, time } = world
  const unresolved = unresolvedSettings(env)
  const settings = settingsOr(env)
  if (Array.isArray(settings)) return settings
  const isApp = kind === 'managedIdentity'
  const credential = credentialOf(kind, settings.identityClientId, settings.tenantId)
  const clients = azureClients(settings, credential, time)
  const { sinks, unchecked } = await sinksOf(settings, credential, world, unresolved)
  const outbox = async () => tableOutbox(await clients.table('outbox'), time, NO_TOKEN)
  const probes: readonly Probe[] = [
    ...(isAllByConnectionString(settings) ? [] : [identityProbe(credential, isApp)]),
    ...hubProbes(settings, clients, isApp),
    skippedProbe(() => clients.container('archive'), time),
    ...storageProbes(clients, isApp, settings.graph.readsContext),
    ...sinkProbes(sinks, outbox),
    // Where Graph is used, so that whoever keeps away from it is not asked for a right.
    ...(settings.graph.reconciles
      ? [
          settingProbe((signal) =>
            tenantSetting(settings, clients, { credential, caPem: world.caPem }, time, signal),
          ),
        ]
      : []),
  ]
  const ok: Finding = { area: AREA, name: 'form', level: 'ok', says: 'All settings are well-formed.' }
  const checked = [ok, ...unresolved.map(hidden), ...(await diagnose(probes, time))]
  const findings = [...checked, ...unchecked]
  const { deliver } = world
  if (deliver === undefined) return findings
  // A sink that fails, or cannot be set up, stops no event.
  return checked.some(({ area, level }) => level === 'fail' && area !== 'sinks')
    ? [...findings, NOT_DELIVERED]
    : [...findings, ...(await testDelivery(deliver, settings, clients, await outbox(), time))]
}

function settingsOr(env: Environment): AppSettings | Finding[] {
  try {
    return readSettings(withStandIns(env))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(problemFinding)
  }
}

/** The problem of one setting begins with its name; one of several settings is a plain sentence. */
function problemFinding(problem: string): Finding {
  const [, name = 'together', expected] = /^(\w+)(?:: (.+)| is not set)$/.exec(problem) ?? []
  const says = name === 'together' ? problem : (expected ?? 'not set')
  return {
    area: AREA,
    name,
    level: 'fail',
    says: `${says.charAt(0).toUpperCase()}${says.slice(1)}.`,
    fix: 'Set it in the app settings; docs/settings.md lists every setting.',
  }
}

const notChecked = (name: string): Finding => ({
  area: 'sinks',
  name,
  level: 'warn',
  says: 'Not checked: a setting that it needs is in a Key Vault.',
  fix: 'Check the app itself: `/api/health`.',
})

async function sinksOf(
  { eventHubOut: hub, logAnalytics, webhooks }: AppSettings,
  credential: () => Promise<TokenCredential>,
  { caPem, time }: DoctorWorld,
  unresolved: readonly string[],
): Promise<{ readonly sinks: readonly Sink[]; readonly unchecked: readonly Finding[] }> {
  const lacks = (names: readonly string[]): boolean => names.some((name) => unresolved.includes(name))
  const sinks: Sink[] = []
  const unchecked: Finding[] = []
  if (logAnalytics !== undefined) {
    if (lacks(NEEDED_FOR_LOGS)) unchecked.push(notChecked(LOG_ANALYTICS_SINK))
    else {
      const { logAnalyticsSink } = await import('../sinks/log-analytics/sink.ts')
      const trust = caPem === undefined ? {} : { httpClient: trustingClient(caPem) }
      const nowMs = (): number => time.now()
      sinks.push(logAnalyticsSink({ ...logAnalytics, credential: await credential(), nowMs, ...trust }))
    }
  }
  if (hub !== undefined) {
    if (lacks(NEEDED_FOR_HUB)) unchecked.push(notChecked(EVENT_HUB_SINK))
    else sinks.push((await import('./event-hub-out.ts')).eventHubOut(hub, credential))
  }
  for (const webhook of webhooks) {
    const { name, prefix, problems = [] } = webhook
    // Those that only the app can resolve are listed already.
    const wrong = problems.filter((problem) => !unresolved.some((one) => problem.startsWith(`${one}:`)))
    unchecked.push(...wrong.map(problemFinding))
    const isHidden = problems.length > 0 || lacks(NEEDED_FOR_WEBHOOK.map((setting) => prefix + setting))
    if (!isHidden) sinks.push(await webhookSinkOf(webhook, credential, time))
    else if (wrong.length === 0) unchecked.push(notChecked(name))
  }
  return { sinks, unchecked }
}
