import { expect, it } from 'vitest'
import type { EventHubOutSettings } from '../../shared/config/event-hub-out-settings.ts'
import { operatorSettings } from '../../shared/config/operator-settings.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import type { Environment } from '../../shared/config/setting-problems.ts'
import { acceptedBySink, sinkNames, sinkProblems } from '../../shared/config/sinks-declared.ts'
import type { ExportedEvent } from '../../shared/domain/exported-event.ts'
import { flatEvent } from '../../shared/domain/flat-event.ts'
import { detection, heartbeat, identityContext, riskyIdentity } from '../support/archived-events.ts'

type Settings = Parameters<typeof acceptedBySink>[0]
type Filter = Settings['webhooks'][number]['filter']

const settings = (...webhooks: readonly (readonly [string, Filter])[]): Settings => ({
  logAnalytics: undefined,
  eventHubOut: undefined,
  webhooks: webhooks.map(([name, filter]) => ({ name, prefix: '', filter, problems: ['not used here'] })),
})

function acceptedOf(filter: Filter, ...events: readonly ExportedEvent[]): readonly (boolean | undefined)[] {
  const accepts = acceptedBySink(settings(['webhook', filter])).get('webhook')
  return events.map((event) => accepts?.(flatEvent(event)))
}

it('a sink that is off accepts nothing, since it is not there', () => {
  expect([...acceptedBySink(settings()).keys()]).toEqual([])
})

it('a sink without categories gets everything', () => {
  expect(acceptedOf({ categories: [] }, detection('a'), riskyIdentity('b'), heartbeat('c'))).toEqual([
    true,
    true,
    true,
  ])
})

it('a sink with categories gets those, and heartbeats whatever they are', () => {
  const events = [detection('a'), riskyIdentity('b'), heartbeat('c')]
  expect(acceptedOf({ categories: ['RiskyServicePrincipals'] }, ...events)).toEqual([false, true, true])
})

it('each destination has a filter of its own', () => {
  const accepted = acceptedBySink(
    settings(['soc', { categories: ['RiskyServicePrincipals'] }], ['lake', { categories: [] }]),
  )
  expect([...accepted].map(([name, accepts]) => [name, accepts(flatEvent(detection('a')))])).toEqual([
    ['soc', false],
    ['lake', true],
  ])
})

it('a lowest level keeps out what is known to be lower, and only that', () => {
  const at = (level: string, state = 'atRisk') => detection(level, { risk: { level, state } })
  const events = [at('low'), at('medium'), at('high'), at('hidden'), at('tomorrows')]
  expect(acceptedOf({ categories: [], minLevel: 'medium' }, ...events)).toEqual([
    false,
    true,
    true,
    true,
    true,
  ])
})

it('who was told of a risk is told of its end, though its level is none by then', () => {
  const ended = ['dismissed', 'remediated', 'confirmedSafe', 'none'].map((state) =>
    riskyIdentity(state, { risk: { level: 'none', state } }),
  )
  expect(acceptedOf({ categories: [], minLevel: 'high' }, ...ended)).toEqual([true, true, true, false])
})

it('types of identity keep out the others, and no heartbeat', () => {
  const agent = detection('b', { identity: { type: 'agent', id: 'b' } })
  const events = [detection('a'), agent, identityContext('c'), heartbeat('d')]
  expect(acceptedOf({ categories: [], identityTypes: ['agent'] }, ...events)).toEqual([
    false,
    true,
    false,
    true,
  ])
})

it('operators may ask about every sink that is named, on or off, once each', () => {
  expect(sinkNames(settings(['webhook', { categories: [] }], ['soc', { categories: [] }]))).toEqual([
    'log-analytics',
    'webhook',
    'soc',
  ])
})

it('a hub that is named is a sink with its own filter, and one that is not is none', () => {
  const hub = {
    name: 'risk',
    namespace: 'evhns-soc.servicebus.windows.net',
    connectionString: undefined,
    format: 'cloudevents',
    categories: ['RiskyServicePrincipals'],
    redactions: [],
    redactKey: undefined,
  } as const
  const accepts = acceptedBySink({ ...settings(), eventHubOut: hub }).get('event-hub')
  const events = [riskyIdentity('a'), detection('b'), heartbeat('c')]
  expect(events.map((event) => accepts?.(flatEvent(event)))).toEqual([true, false, true])
  const ofUsers = { ...hub, categories: [], identityTypes: ['user'] }
  const acceptsUsers = acceptedBySink({ ...settings(), eventHubOut: ofUsers }).get('event-hub')
  expect(events.map((event) => acceptsUsers?.(flatEvent(event)))).toEqual([false, false, true])
  expect(sinkNames({ ...settings(), eventHubOut: hub })).toContain('event-hub')
  expect(sinkNames(settings())).not.toContain('event-hub')
})

const broken = (declared: Parameters<typeof sinkProblems>[0]) => [...sinkProblems(declared).keys()]

it.each([
  '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/event-hub-out)',
  '@Microsoft.KeyVault(VaultName=kv; SecretName=event-hub-out)',
])('a secret of the hub that is not resolved stops neither the app nor a command: %s', (reference) => {
  const env = {
    ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555',
    EVENT_HUB_NAME: 'entra-risk',
    EventHub__fullyQualifiedNamespace: 'evhns-risk.servicebus.windows.net',
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    ARCHIVE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
    EVENT_HUB_OUT_NAME: 'risk',
  }
  const unresolved: readonly Environment[] = [
    { EVENT_HUB_OUT_CONNECTION_STRING: reference },
    {
      EVENT_HUB_OUT_NAMESPACE: 'evhns-soc.servicebus.windows.net',
      EVENT_HUB_OUT_REDACT: 'identity.id:hash',
      EVENT_HUB_OUT_REDACT_KEY: reference,
    },
  ]
  for (const secret of unresolved) {
    const declared = readSettings({ ...env, ...secret })
    expect(broken(declared)).toEqual(['event-hub'])
    expect(sinkProblems(declared).get('event-hub')?.join()).toMatch(/not (be )?resolved/)
    expect(sinkNames(operatorSettings({ ...env, ...secret }))).toContain('event-hub')
  }
})

it('a sink whose settings cannot be used is named, and it alone', () => {
  const unresolved = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/hub)'
  const hub: Omit<EventHubOutSettings, 'connectionString'> = {
    name: 'risk',
    namespace: undefined,
    format: 'json',
    categories: [],
    redactions: [],
    redactKey: undefined,
  }
  const reached = 'Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=c2VjcmV0'
  const unusable = { ...settings(), eventHubOut: { ...hub, connectionString: unresolved } }
  expect(broken(unusable)).toEqual(['event-hub'])
  const notConfigured = (connectionString: string) =>
    broken({ ...unusable, eventHubOut: { ...hub, connectionString } })
  expect(notConfigured(reached)).toEqual([])
  expect(notConfigured(`${reached};EntityPath=Risk`)).toEqual([])
  // The events would go to that hub.
  expect(notConfigured(`${reached};EntityPath=other`)).toEqual(['event-hub'])
  expect(broken(settings(['soc', { categories: [] }]))).toEqual(['soc'])
})
