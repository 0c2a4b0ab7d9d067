import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../shared/config/config-error.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import type { Environment } from '../../shared/config/setting-problems.ts'
import { WEBHOOK_SETTINGS } from '../../shared/config/webhook-settings.ts'
import { RECORDS_FOLDER } from '../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import { anyCodePoint } from '../support/any-code-point.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const APP: Environment = {
  ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  EVENT_HUB_NAME: 'entra-risk',
  EventHub__fullyQualifiedNamespace: 'evhns-risk.servicebus.windows.net',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  ARCHIVE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
}
const webhooks = (env: Environment) => readSettings({ ...APP, ...env }).webhooks
const one = (env: Environment) => webhooks({ WEBHOOK_URL: 'https://siem.example/', ...env })[0]

describe('destinations', () => {
  it('are the plain one, and those that WEBHOOKS names, each with its own settings', () => {
    const all = webhooks({
      WEBHOOK_URL: 'https://siem.example/',
      WEBHOOK_SECRET: SECRET,
      WEBHOOKS: 'soc, lake',
      WEBHOOK_SOC_URL: 'https://soc.example/services/collector/event',
      WEBHOOK_SOC_FORMAT: 'splunk-hec',
      WEBHOOK_SOC_TOKEN: 'soc-token',
      WEBHOOK_SOC_MIN_LEVEL: 'high',
      WEBHOOK_LAKE_URL: 'https://lake.example/in',
      WEBHOOK_LAKE_AUTH: 'header',
      WEBHOOK_LAKE_TOKEN: 'lake-token',
      WEBHOOK_LAKE_TOKEN_HEADER: 'X-Key',
      WEBHOOK_LAKE_FRAMING: 'ndjson',
    })
    expect(all).toMatchObject([
      { name: 'webhook', url: 'https://siem.example/', authentication: 'signature', secrets: [SECRET] },
      {
        name: 'soc',
        format: 'splunk-hec',
        framing: 'ndjson',
        authentication: 'splunk',
        tokens: ['soc-token'],
        secrets: [],
        filter: { minLevel: 'high' },
      },
      {
        name: 'lake',
        framing: 'ndjson',
        contentType: 'application/x-ndjson; charset=utf-8',
        authentication: 'header',
        tokenHeader: 'X-Key',
        tokens: ['lake-token'],
      },
    ])
  })

  it('send the token of a format where all its receivers expect it, unless told otherwise', () => {
    const secops = { WEBHOOK_FORMAT: 'secops', WEBHOOK_TOKEN: 'key' }
    expect(one(secops)).toMatchObject({ authentication: 'header', tokenHeader: 'x-goog-api-key' })
    expect(one({ ...secops, WEBHOOK_TOKEN_HEADER: 'X-Key' })).toMatchObject({ tokenHeader: 'X-Key' })
  })

  it('have what only their format needs', () => {
    expect(one({ WEBHOOK_SECRET: SECRET })).toMatchObject({
      splunkTime: 'arrival',
      elasticNamespace: 'default',
    })
    expect(
      one({ WEBHOOK_SECRET: SECRET, WEBHOOK_SPLUNK_TIME: 'updated', WEBHOOK_ELASTIC_NAMESPACE: 'prod' }),
    ).toMatchObject({ splunkTime: 'updated', elasticNamespace: 'prod' })
  })

  it('are no more than their names: the plain one may be named, and none comes twice', () => {
    const names = (WEBHOOKS: string) => webhooks({ WEBHOOKS }).map(({ name }) => name)
    expect(names('soc,soc,webhook')).toEqual(['webhook', 'soc'])
  })

  it.each([RECORDS_FOLDER, 'poison'])(
    'are not called as what else has a folder of dead letters: %s',
    (name) => {
      expect(() => webhooks({ WEBHOOKS: `soc,${name}` })).toThrow(ConfigError)
    },
  )

  it('that cannot be set up stop neither the app nor each other', () => {
    const reference = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/it)'
    const [plain, soc, lake] = webhooks({
      WEBHOOK_URL: 'https://siem.example/',
      WEBHOOK_SECRET: SECRET,
      WEBHOOKS: 'soc,lake',
      WEBHOOK_SOC_URL: 'https://soc.example/',
      WEBHOOK_SOC_SECRET: reference,
      WEBHOOK_SOC_CATEGORIES: 'RiskyAgents',
    })
    expect(plain?.problems).toBeUndefined()
    expect(soc?.problems).toEqual([
      'WEBHOOK_SOC_SECRET: the reference is not resolved: check that the vault has the secret and that the app may read it',
    ])
    // What it is to get is known, so that nothing else waits for it.
    expect(soc?.filter.categories).toEqual(['RiskyAgents'])
    expect(lake?.problems).toEqual([
      'WEBHOOK_LAKE_URL is not set',
      'WEBHOOK_LAKE_SECRET is not set, but WEBHOOK_LAKE_AUTH or WEBHOOK_LAKE_FORMAT asks for it',
    ])
  })

  it.each([
    ['signature', 'SECRET', SECRET, { secrets: [SECRET] }],
    ['bearer', 'TOKEN', 'current', { tokens: ['current'] }],
  ])('by %s work with the current %s while the next is not resolved', (WEBHOOK_AUTH, name, value, used) => {
    const next = { WEBHOOK_AUTH, [`WEBHOOK_${name}_NEXT`]: '@Microsoft.KeyVault(SecretUri=https://kv/n)' }
    const rotated = one({ ...next, [`WEBHOOK_${name}`]: value })
    expect(rotated).toMatchObject({ ...used, warnings: [expect.stringContaining(`WEBHOOK_${name}_NEXT: `)] })
    expect(one(next)?.problems?.join(), 'without a current one').toContain(`WEBHOOK_${name}_NEXT: `)
  })

  it('name a proxy whose reference is not resolved', () => {
    const proxy = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/proxy)'
    const broken = one({
      WEBHOOK_AUTH: 'none',
      WEBHOOK_PROXY_URL: proxy,
      WEBHOOK_ALLOWED_HOSTS: 'siem.example',
    })
    expect(broken?.problems).toEqual([
      expect.stringMatching(/^WEBHOOK_PROXY_URL: the reference is not resolved/),
    ])
  })

  it('never stop the app, whatever their settings hold', () => {
    const names = Object.keys(WEBHOOK_SETTINGS.shape).map((name) => `WEBHOOK_SOC_${name}`)
    const values = fc.dictionary(fc.constantFrom(...names), fc.string({ unit: anyCodePoint }))
    fc.assert(
      fc.property(values, (env) => {
        expect(webhooks({ WEBHOOKS: 'soc', ...env })).toMatchObject([{ name: 'soc' }])
      }),
    )
  })
})

describe('authentication', () => {
  it('is what the format expects, unless told otherwise', () => {
    expect(one({ WEBHOOK_FORMAT: 'splunk-hec', WEBHOOK_TOKEN: 't' })).toMatchObject({
      authentication: 'splunk',
    })
    expect(one({ WEBHOOK_AUTH: 'bearer', WEBHOOK_TOKEN: 't', WEBHOOK_TOKEN_NEXT: 'n' })).toMatchObject({
      authentication: 'bearer',
      tokens: ['t', 'n'],
    })
    expect(one({ WEBHOOK_AUTH: 'none' })).toMatchObject({
      authentication: 'none',
      url: 'https://siem.example/',
    })
  })

  it.each([
    ['signature', 'WEBHOOK_SECRET'],
    ['bearer', 'WEBHOOK_TOKEN'],
    ['api-key', 'WEBHOOK_TOKEN'],
    ['basic', 'WEBHOOK_TOKEN'],
    ['splunk', 'WEBHOOK_TOKEN'],
    ['header', 'WEBHOOK_TOKEN_HEADER'],
    ['entra', 'WEBHOOK_TOKEN_SCOPE'],
  ])('%s asks for %s', (WEBHOOK_AUTH, name) => {
    expect(one({ WEBHOOK_AUTH })?.problems?.join()).toContain(`${name} is not set`)
  })

  it('may be any header, in JSON: names are told apart whatever their case', () => {
    expect(one({ WEBHOOK_AUTH: 'none', WEBHOOK_HEADERS: '{"X-Goog-Api-Key":"a b"}' })).toMatchObject({
      headers: { 'x-goog-api-key': 'a b' },
    })
  })
})

it('a framing that the format does not have is a problem of the two', () => {
  const splunk = { WEBHOOK_FORMAT: 'splunk-hec', WEBHOOK_TOKEN: 't' }
  expect(one({ ...splunk, WEBHOOK_FRAMING: 'array' })?.problems).toEqual([
    'WEBHOOK_FRAMING is not one that WEBHOOK_FORMAT allows',
  ])
})
