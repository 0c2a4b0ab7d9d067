import { rootCertificates } from 'node:tls'
import { createLocalAuthority } from '../../../local/emulators/tls/local-authority.ts'
import { type Deployment, deploy } from '../../support/bicep/deploy.ts'
import type { Deployed } from '../../support/bicep/deployed.ts'
import type { Sources } from '../../support/bicep/sources.ts'
import { isArray, isObject, type Value, type ValueObject } from '../../support/bicep/value.ts'

/** Parameters that have no default. */
const required = {
  environmentName: 'trial',
  location: 'westeurope',
  appVersion: '1.0.0',
  appPackageSha256: 'AB'.repeat(32),
}
/** An authority: any will do. */
export const CA_PEM = rootCertificates[0] ?? ''
const client = await (await createLocalAuthority()).issue(['client'])
/** A certificate with its key. */
export const CLIENT_PEM = `${client.keyPem}\n${client.certPem}`
const people = { auditorsGroupId: 'group-auditors', operatorsGroupId: 'group-operators' }

/** Ways to deploy, each of which must make sense. */
export const SCENARIOS = {
  /** The least that can be said. */
  plain: required,
  /** With people, webhook and alarms. */
  usual: {
    ...required,
    ...people,
    alwaysReadyInstances: 1,
    alertEmails: 'soc@example.com, oncall@example.com',
    webhookUrl: 'https://siem.example/hooks/entra',
    webhookSecret: 'whsec_secret',
  },
  /** With nothing reachable from public addresses. */
  private: {
    ...required,
    ...people,
    privateNetworking: true,
    publicAppAccess: false,
    natGatewayId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/natGateways/n',
    webhookUrl: 'https://splunk.example/services/collector/event',
    webhook: { format: 'splunk-hec', rotating: true, splunkIndex: 'entra', caPem: CA_PEM, maxEvents: 100 },
    tune: { deliveryTimeoutMs: 500, deliveryMaxAgeHours: 24 },
  },
  /** With several destinations, each by another way, and no plain one. */
  several: {
    ...required,
    webhooks: [
      {
        name: 'soc',
        url: 'https://splunk.example/services/collector/event',
        options: { format: 'splunk-hec', minLevel: 'medium' },
      },
      {
        name: 'lake',
        url: 'https://lake.example/in',
        options: {
          auth: 'header',
          tokenHeader: 'X-Key',
          rotating: true,
          headers: true,
          redact: 'identity.displayName:hash',
          framing: 'ndjson',
          gzip: false,
        },
      },
      {
        name: 'tenant',
        url: 'https://api.example/in',
        options: { auth: 'entra', tokenScope: 'api://siem/.default', clientCertificate: true },
      },
    ],
    eventHubOut: {
      name: 'risk-events',
      namespaceHost: 'evhns-soc.servicebus.windows.net',
      hubId:
        '/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/evhns-soc/eventhubs/risk-events',
      format: 'ocsf',
    },
  },
  /**
   * Into a workspace that exists elsewhere, by somebody who may not define roles, with a locked
   * archive.
   */
  guest: {
    ...required,
    ...people,
    workspaceResourceId:
      '/subscriptions/00000000-0000-4000-8000-0000000000aa/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-soc',
    workspaceLocation: 'northeurope',
    defineArchiveRole: false,
    manageImmutabilityPolicy: false,
    archiveDeleteAfterDays: 500,
    purgeProtection: false,
  },
} as const satisfies Readonly<Record<string, ValueObject>>

export type ScenarioName = keyof typeof SCENARIOS
export const SCENARIO_NAMES: readonly ScenarioName[] = ['plain', 'usual', 'private', 'several', 'guest']

/** What rules look at: the files, and what they would deploy. */
export interface World {
  readonly sources: Sources
  deployment(scenario: ScenarioName): Deployment
}

export function worldOf(sources: Sources): World {
  const made = new Map<ScenarioName, Deployment>()
  return {
    sources,
    deployment(scenario) {
      const deployment = made.get(scenario) ?? deploy(sources, 'infra/main.bicep', SCENARIOS[scenario])
      made.set(scenario, deployment)
      return deployment
    },
  }
}

/** The files that these rules are about; the Sentinel content has rules of its own. */
export const ours = (sources: Sources): readonly string[] =>
  sources.bicepPaths.filter((path) => !path.includes('sentinel'))

/** One thing that must hold: its name says what, `check` lists what breaks it. */
export interface Rule {
  readonly name: string
  readonly check: (world: World) => readonly string[]
}

/** A property by its path; `undefined` when it is not there. */
export function at(body: Value, path: string): Value {
  let value = body
  for (const step of path.split('.')) {
    if (isArray(value)) value = value[Number(step)]
    else value = isObject(value) ? value[step] : undefined
  }
  return value
}

/** The same as text: strings as they are, everything else as JSON; nothing as nothing. */
export function textAt(body: Value, path: string): string {
  const value = at(body, path)
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

export const ofType = (deployment: Deployment, type: string): readonly Deployed[] =>
  deployment.resources.filter((r) => r.type === type)

export const label = (resource: Deployed): string => `${resource.file} ${resource.symbol} ${resource.name}`

/** Runs a check in each scenario; its findings say which. */
export const inEach =
  (
    scenarios: readonly ScenarioName[],
    check: (deployment: Deployment, scenario: ScenarioName) => readonly string[],
  ) =>
  (world: World): readonly string[] =>
    scenarios.flatMap((scenario) =>
      check(world.deployment(scenario), scenario).map((found) => `${scenario}: ${found}`),
    )

/** Demands values of every resource of a type, and that there is one. */
export const demand =
  (type: string, wanted: Readonly<Record<string, Value>>, which: (r: Deployed) => boolean = () => true) =>
  (deployment: Deployment): readonly string[] => {
    const resources = ofType(deployment, type).filter(which)
    if (resources.length === 0) return [`no ${type}`]
    return resources.flatMap((resource) =>
      Object.entries(wanted)
        .filter(([path, value]) => JSON.stringify(at(resource.body, path)) !== JSON.stringify(value))
        .map(([path, value]) => {
          const found = JSON.stringify(at(resource.body, path))
          return `${label(resource)}: ${path} is ${found}, not ${JSON.stringify(value)}`
        }),
    )
  }

/** What is in one list and not in the other, both ways. */
export const differences = (
  what: string,
  found: readonly string[],
  wanted: readonly string[],
): readonly string[] => [
  ...wanted.filter((w) => !found.includes(w)).map((w) => `${what}: ${w} is missing`),
  ...found.filter((f) => !wanted.includes(f)).map((f) => `${what}: ${f} is not expected`),
]
