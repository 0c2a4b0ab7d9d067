import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../shared/config/config-error.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import type { Environment } from '../../shared/config/setting-problems.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

const AZURE: Environment = {
  ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  EVENT_HUB_NAME: 'entra-risk',
  EventHub__fullyQualifiedNamespace: 'evhns-risk.servicebus.windows.net',
  AzureWebJobsStorage__blobServiceUri: 'https://sthost.blob.core.windows.net',
  AzureWebJobsStorage__queueServiceUri: 'https://sthost.queue.core.windows.net',
  AzureWebJobsStorage__tableServiceUri: 'https://sthost.table.core.windows.net',
  ARCHIVE_BLOB_SERVICE_URI: 'https://starchive.blob.core.windows.net',
}
const WEBHOOK: Environment = { ...AZURE, WEBHOOK_URL: 'https://siem.example/in', WEBHOOK_SECRET: SECRET }

function problemsOf(env: Environment): readonly string[] {
  try {
    return readSettings(env).webhooks.flatMap(({ problems = [] }) => problems)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('settings', () => {
  it('switch a sink on by being there', () => {
    expect(readSettings(AZURE)).toMatchObject({ logAnalytics: undefined, webhooks: [] })
    expect(readSettings(WEBHOOK).webhooks).toMatchObject([
      { name: 'webhook', url: 'https://siem.example/in', format: 'cloudevents' },
    ])
  })

  it('export no user risk unless told to', () => {
    expect(readSettings(AZURE).includeUserRisk).toBe(false)
    expect(readSettings({ ...AZURE, INCLUDE_USER_RISK: 'true' }).includeUserRisk).toBe(true)
  })

  it('take an empty value for an unset one', () => {
    expect(readSettings({ ...AZURE, WEBHOOK_URL: '' }).webhooks).toEqual([])
  })

  it('list every problem at once', () => {
    const problems = problemsOf({ ENTRA_TENANT_ID: 'contoso', DELIVERY_TIMEOUT_MS: 'soon' })
    expect(problems.map((p) => p.split(/[ :]/)[0])).toEqual([
      'ENTRA_TENANT_ID',
      'EVENT_HUB_NAME',
      'DELIVERY_TIMEOUT_MS',
      'EventHub__fullyQualifiedNamespace',
      'AzureWebJobsStorage__blobServiceUri,',
      'ARCHIVE_BLOB_SERVICE_URI',
    ])
  })

  it('never show a value', () => {
    const env = {
      ...WEBHOOK,
      WEBHOOK_SECRET: 'whsec_not-good-at-all',
      WEBHOOK_URL: 'http://user:hunter2@siem.example',
    }
    const text = problemsOf(env).join('\n')
    expect(text).toContain('WEBHOOK_SECRET')
    expect(text).not.toMatch(/hunter2|not-good/)
  })

  it.each([
    ['WEBHOOK_URL over http', { WEBHOOK_URL: 'http://siem.example' }, 'WEBHOOK_URL: expected an https URL'],
    ['a webhook without a secret', { WEBHOOK_SECRET: '' }, 'WEBHOOK_SECRET is not set'],
    ['HEC without a token', { WEBHOOK_FORMAT: 'splunk-hec' }, 'WEBHOOK_TOKEN is not set'],
    [
      'a password in the URL',
      { WEBHOOK_URL: 'https://a:b@siem.example/' },
      'WEBHOOK_URL: contains a user name',
    ],
    [
      'a proxy without an allow-list',
      { WEBHOOK_PROXY_URL: 'http://proxy:3128' },
      'WEBHOOK_ALLOWED_HOSTS is empty',
    ],
    ['an allow-list without the host', { WEBHOOK_ALLOWED_HOSTS: 'other.example' }, 'does not name the host'],
    [
      'a rule without an endpoint',
      { LOGS_INGESTION_RULE_ID: `dcr-${'0'.repeat(32)}` },
      'set both, or neither',
    ],
    [
      'an unknown category',
      { WEBHOOK_CATEGORIES: 'SignInLogs' },
      'WEBHOOK_CATEGORIES: expected category names',
    ],
    ['a schedule of five fields', { SWEEP_SCHEDULE: '* * * * *' }, 'SWEEP_SCHEDULE: expected six'],
  ])('refuse %s', (_, change, problem) => {
    expect(problemsOf({ ...WEBHOOK, ...change }).join('\n')).toContain(problem)
  })
})
