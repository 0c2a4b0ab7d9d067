import { createLocalAuthority } from '../../../local/emulators/tls/local-authority.ts'
import { type Deployed, type Deployment, parseSnapshot } from '../../support/bicep/snapshot.ts'
import type { Sources } from '../../support/bicep/sources.ts'
import { isArray, isObject, type Value } from '../../support/bicep/value.ts'

const client = await (await createLocalAuthority()).issue(['client'])
/** A certificate with its key. */
export const CLIENT_PEM = `${client.keyPem}\n${client.certPem}`

/** Ways to deploy, each of which must make sense, and the secrets that are given with it. */
const SCENARIOS = {
  plain: [],
  usual: ['webhookSecret'],
  private: ['webhookSecret', 'webhookSecretNext', 'webhookToken'],
  several: [],
  formats: [],
  guest: [],
  sentinel: [],
  'landing-zone': [],
  spelling: [],
  tenant: [],
  'tenant-users': [],
  'tenant-without-agents': [],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type ScenarioName = keyof typeof SCENARIOS
/** Every way to deploy infra/main.bicep. */
export const SCENARIO_NAMES: readonly ScenarioName[] = [
  'plain',
  'usual',
  'private',
  'several',
  'formats',
  'guest',
  'sentinel',
  'landing-zone',
]
export const snapshotOf = (scenario: ScenarioName): string => `test/infra/snapshots/${scenario}.snapshot.json`

/** What rules look at: the files, and what they would deploy. */
export interface World {
  readonly sources: Sources
  deployment(scenario: ScenarioName): Deployment
}

/** What was read last of each: one defect in a file leaves most snapshots as they are. */
const read = new Map<ScenarioName, { readonly text: string; readonly deployment: Deployment }>()

export function worldOf(sources: Sources): World {
  return {
    sources,
    deployment(scenario) {
      const text = sources.text(snapshotOf(scenario))
      const known = read.get(scenario)
      if (known?.text === text) return known.deployment
      const secrets = Object.fromEntries(SCENARIOS[scenario].map((name) => [name, `given-${name}`]))
      const deployment = parseSnapshot(text, secrets)
      read.set(scenario, { text, deployment })
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

export const label = (resource: Deployed): string => `${resource.type} ${resource.name}`

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
