import { beforeAll, describe, expect, it } from 'vitest'
import { createLocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { ConfigError } from '../../shared/config/config-error.ts'
import { DECLARED_SETTINGS } from '../../shared/config/declared-settings.ts'
import { operatorSettings } from '../../shared/config/operator-settings.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import type { Environment } from '../../shared/config/setting-problems.ts'

const KEY = Buffer.alloc(64, 5).toString('base64')
const ACCOUNT = `DefaultEndpointsProtocol=https;AccountName=sthost;AccountKey=${KEY}`
const AT_HOME = 'BlobEndpoint=http://127.0.0.1:1/dev;QueueEndpoint=http://127.0.0.1:2/dev'
const HUB =
  'Endpoint=sb://localhost:5672/;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true'
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const GUID = '11111111-2222-4333-8444-555555555555'
const NIL = '00000000-0000-0000-0000-000000000000'

let caPem = ''
let valid: Environment
beforeAll(async () => {
  ;({ caPem } = await createLocalAuthority())
  valid = {
    ENTRA_TENANT_ID: GUID,
    EVENT_HUB_NAME: 'entra-risk',
    EventHub__fullyQualifiedNamespace: 'evhns-risk.servicebus.windows.net',
    AzureWebJobsStorage__blobServiceUri: 'https://sthost.blob.core.windows.net/',
    AzureWebJobsStorage__queueServiceUri: 'https://sthost.queue.core.windows.net',
    AzureWebJobsStorage__tableServiceUri: 'https://sthost.table.core.windows.net',
    ARCHIVE_BLOB_SERVICE_URI: 'https://starchive.blob.core.windows.net',
    WEBHOOK_URL: 'https://siem.example/in?tenant=1',
    WEBHOOK_SECRET: SECRET,
  }
})

function problemsOf(env: Environment): readonly string[] {
  try {
    return readSettings(env).webhooks.flatMap(({ problems = [] }) => problems)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** Values that look like something and can never work. */
const IMPOSSIBLE: readonly (readonly [string, readonly string[]])[] = [
  ['ENTRA_TENANT_ID', ['contoso.onmicrosoft.com', NIL, `${GUID} `]],
  ['INCLUDE_USER_RISK', ['yes', 'TRUE', '1']],
  ['DETECTION_LANGUAGE', ['de', 'EN']],
  ['EVENT_HUB_NAME', ['entra risk', '%HUB%', '-risk', 'a/b', 'x'.repeat(257)]],
  ['EVENT_HUB_CONSUMER_GROUP', ['$default2', 'two words', 'x'.repeat(51)]],
  [
    'EventHub',
    [
      '<EventHub>',
      'garbage',
      'Endpoint=https://ns.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b',
      'Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=a',
      'SharedAccessKeyName=a;SharedAccessKey=b',
      'Endpoint=sb:///;SharedAccessKeyName=a;SharedAccessKey=b',
      `${HUB};EntityPath=another`,
    ],
  ],
  [
    'EventHub__fullyQualifiedNamespace',
    ['sb://ns.servicebus.windows.net', 'ns.servicebus.windows.net/', 'ns.servicebus.windows.net:5671', 'ns'],
  ],
  ['EventHub__credential', ['managedIdentity', 'clientsecret']],
  ['EventHub__clientId', ['mine', NIL]],
  [
    'AzureWebJobsStorage',
    [
      '<AzureWebJobsStorage>',
      'garbage',
      'AccountName=a;AccountKey=b',
      ACCOUNT,
      `${ACCOUNT};${AT_HOME}`,
      `${ACCOUNT.replace(KEY, 'not Base64!')};EndpointSuffix=core.windows.net`,
      `${ACCOUNT.replace('sthost', 'ST_HOST')};EndpointSuffix=core.windows.net`,
      `${ACCOUNT.replace('https', 'ftp')};EndpointSuffix=core.windows.net`,
      `${AT_HOME};SharedAccessSignature=sv=1`,
    ],
  ],
  [
    'AzureWebJobsStorage__blobServiceUri',
    [
      'http://sthost.blob.core.windows.net',
      'sthost.blob.core.windows.net',
      'https://a:b@sthost.blob.core.windows.net',
    ],
  ],
  ['AzureWebJobsStorage__queueServiceUri', ['https://sthost.queue.core.windows.net/outbox']],
  ['AzureWebJobsStorage__tableServiceUri', ['https://sthost.table.core.windows.net/?sv=1&sig=2']],
  ['AzureWebJobsStorage__credential', ['managedIdentity']],
  ['AzureWebJobsStorage__clientId', [NIL]],
  ['ARCHIVE_BLOB_SERVICE_URI', ['https://starchive.blob.core.windows.net/archive', 'https://']],
  [
    'ARCHIVE_CONNECTION_STRING',
    ['garbage', ACCOUNT, `${ACCOUNT};BlobEndpoint=here`, 'SharedAccessSignature=sv=1'],
  ],
  ['AZURE_CLIENT_ID', ['id-risk-export', NIL]],
  ['LOGS_INGESTION_ENDPOINT', ['https://dce.example/streams', 'dce.example']],
  ['PROGRAM_SHA256', ['ab', `sha256:${'a'.repeat(64)}`, 'g'.repeat(64)]],
  ['LOGS_INGESTION_RULE_ID', ['dcr-risk', `/subscriptions/${GUID}`]],
  [
    'LOGS_INGESTION_CATEGORIES',
    ['RiskyUsers', 'ServicePrincipalRiskEvents,UserRiskEvents', 'SignInLogs', ' , '],
  ],
  [
    'WEBHOOK_URL',
    [
      'http://siem.example',
      'https://a:b@siem.example',
      'https://10.1.2.3/',
      'https://[::1]/',
      'https://siem.example:0/',
    ],
  ],
  ['WEBHOOKS', ['SOC', 'soc lake', 'a-b', 'proxy', ',', '1st', 'x'.repeat(32)]],
  ['WEBHOOK_FORMAT', ['splunk', 'xml']],
  ['WEBHOOK_FRAMING', ['lines', 'concatenated']],
  ['WEBHOOK_CONTENT_TYPE', ['json', 'application/json\r\nX-Y: z', 'text/']],
  ['WEBHOOK_GZIP', ['yes', 'on']],
  ['WEBHOOK_AUTH', ['hmac', 'Bearer', 'bearer', 'header', 'entra', 'splunk', 'basic', 'api-key']],
  ['WEBHOOK_TOKEN_NEXT', ['two words', 'token\n']],
  ['WEBHOOK_TOKEN_HEADER', ['X Api Key', 'Host', 'content-length', 'webhook-id', 'schlüssel', 'a\nb']],
  ['WEBHOOK_TOKEN_SCOPE', ['api://siem', 'two words/.default', 'api://siem/.default\n']],
  [
    'WEBHOOK_HEADERS',
    ['X-Tenant: contoso', '{"X-Tenant":1}', '[]', '{"Host":"a"}', '{"X-A":"b\\r\\nX-C: d"}', '{"a b":"c"}'],
  ],
  ['WEBHOOK_CLIENT_PEM', ['PEM', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n']],
  ['WEBHOOK_MIN_LEVEL', ['none', 'High', '3']],
  ['WEBHOOK_IDENTITY_TYPES', ['user', 'person', ',', 'servicePrincipal;agent']],
  [
    'WEBHOOK_REDACT',
    [
      'identity.displayName',
      'identity.displayName:hide',
      'eventId:drop',
      'identity:drop',
      'identity.mood:drop',
      'tenantId:hash',
      'nobody:drop',
      'ipAddress:drop:mask',
      'ipAddress:hash',
      'lastUpdatedAt:mask',
    ],
  ],
  ['WEBHOOK_REDACT_KEY', ['two words', 'a\u0000b']],
  ['WEBHOOK_SECRET', ['hunter2', 'whsec_short', `whsec_${'A'.repeat(33)}`, `whsec_${'A'.repeat(88)}==`]],
  ['WEBHOOK_SECRET_NEXT', [`${SECRET}\n`, SECRET.replace('whsec_', '')]],
  ['WEBHOOK_TOKEN', ['two words', 'token\n', 'schlüssel', 'a\u0000b']],
  ['WEBHOOK_SPLUNK_INDEX', ['Entra Risk', '-risk', 'risk/entra']],
  ['WEBHOOK_SPLUNK_TIME', ['now', 'Updated']],
  ['WEBHOOK_ELASTIC_NAMESPACE', ['Prod', 'a-b', '*']],
  ['WEBHOOK_CATEGORIES', ['RiskyUsers', 'riskyserviceprincipals', ',']],
  ['WEBHOOK_ALLOWED_HOSTS', ['https://siem.example', 'siem.example:443', 'other.example', ', ,']],
  ['WEBHOOK_ALLOW_PRIVATE_ADDRESSES', ['on']],
  [
    'WEBHOOK_CA_PEM',
    [
      'MIIB',
      'PEM',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
    ],
  ],
  ['WEBHOOK_MAX_EVENTS', ['0', '5001', '1.5', 'many']],
  ['WEBHOOK_MAX_BYTES', ['1000', '1e9', 'NaN']],
  [
    'WEBHOOK_PROXY_URL',
    ['proxy:3128', 'socks5://proxy:1080', 'http://us%er:pw@proxy:3128', 'http://proxy:3128/'],
  ],
  ['EVENT_HUB_OUT_NAME', ['my hub', 'hub/risk']],
  ['EVENT_HUB_OUT_NAMESPACE', ['sb://evhns-soc.servicebus.windows.net', 'evhns-soc']],
  ['EVENT_HUB_OUT_CONNECTION_STRING', ['two words', 'Endpoint=sb://x\n']],
  ['EVENT_HUB_OUT_FORMAT', ['splunk-hec', 'CEF']],
  ['EVENT_HUB_OUT_CATEGORIES', ['riskyusers', ',', 'RiskyUsers']],
  ['EVENT_HUB_OUT_MIN_LEVEL', ['none', 'High', '3']],
  ['EVENT_HUB_OUT_IDENTITY_TYPES', ['user', 'person', ',', 'servicePrincipal;agent']],
  ['EVENT_HUB_OUT_REDACT', ['identity.id', 'eventId:drop', 'ipAddress:hide', 'no.such:mask']],
  ['EVENT_HUB_OUT_REDACT_KEY', ['two words', 'a\u0000b']],
  ['DELIVERY_TIMEOUT_MS', ['0', '-1', 'soon', 'Infinity']],
  ['REDELIVERY_BUDGET_MS', ['999', '120001']],
  ['REDELIVERY_MAX_BACKOFF_SECONDS', ['0', '3601']],
  ['DELIVERY_MAX_AGE_HOURS', ['0', '2161']],
  [
    'SWEEP_SCHEDULE',
    ['a b c d e f', '* * * * *', '60 * * * * *', '0 0 0 30 2 *', '00:01:00', '@hourly', '0 0 0 ? * L'],
  ],
  ['HEARTBEAT_SCHEDULE', ['a b c d e f', '0 0 0 31 2,4,6 *', 'x'.repeat(10_000)]],
  ['EVIDENCE_SEAL', ['yes', '1']],
  ['EVIDENCE_SEAL_SCHEDULE', ['hourly', '0 0 0 30 2 *']],
  ['EVIDENCE_LOG', ['ev', 'Evidence', 'evidence-', 'a--b', 'evidence/log', 'e'.repeat(58)]],
  ['EVIDENCE_SETTLE_SECONDS', ['-1', '3601', 'a minute']],
  ['EVIDENCE_LOOK_BACK_DAYS', ['0', '101', '1.5']],
  ['EVIDENCE_KEY_VAULT_URI', ['kv-risk.vault.azure.net', 'https://kv-risk.vault.azure.net/keys/evidence']],
  ['EVIDENCE_KEY_NAME', ['my key', 'evidence/1', 'k'.repeat(128)]],
  ['EVIDENCE_LOCAL_KEY', ['PEM', '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n']],
  [
    'TIMESTAMP_AUTHORITY_URL',
    ['timestamp.example', 'ftp://timestamp.example', 'http://a:b@timestamp.example'],
  ],
  ['GRAPH_RECONCILE', ['yes', 'TRUE', '1']],
  ['GRAPH_RECONCILE_SCHEDULE', ['hourly', '0 0 0 31 2,4,6 *']],
  ['GRAPH_RECONCILE_HOURS', ['0', '169', '1.5']],
  ['GRAPH_RECONCILE_GRACE_MINUTES', ['-1', '1441']],
  ['GRAPH_CONTEXT', ['yes', 'on']],
  ['GRAPH_CONTEXTS_PER_HOUR', ['0', '1501', '1.5']],
  ['GRAPH_INCLUDE_AGENTS', ['yes', 'on']],
  ['RESOURCE_MANAGER_ENDPOINT', ['http://management.azure.com', 'management.azure.com']],
  [
    'GRAPH_ENDPOINT',
    ['http://graph.microsoft.com', 'graph.microsoft.com', 'https://graph.microsoft.com/v1.0'],
  ],
  [
    'APPLICATIONINSIGHTS_CONNECTION_STRING',
    ['garbage', `InstrumentationKey=mine`, `InstrumentationKey=${GUID};IngestionEndpoint=nowhere`],
  ],
  ['APPLICATIONINSIGHTS_AUTHENTICATION_STRING', ['AAD', `ClientId=${GUID}`]],
]
const cases = IMPOSSIBLE.flatMap(([name, values]) => values.map((value) => [name, value] as const))

describe('a setting that cannot work', () => {
  it('is tried for every setting that there is', () => {
    expect(IMPOSSIBLE.map(([name]) => name).toSorted()).toEqual(Object.keys(DECLARED_SETTINGS).toSorted())
  })

  it.each(cases)('%s, stops the load with its name and without its value: %j', (name, value) => {
    const problems = problemsOf({ ...valid, [name]: value })
    expect(problems).not.toEqual([])
    for (const problem of problems) expect(problem).toContain(name)
    // Shorter ones are words of any sentence.
    const isShown = value.trim().length > 8 && problems.join().includes(value.trim())
    expect(isShown).toBe(false)
  })

  it('is an authority of which the second certificate is cut short, or a key beside it', () => {
    for (const more of [caPem.slice(0, 200), '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----'])
      expect(problemsOf({ ...valid, WEBHOOK_CA_PEM: caPem + more })).toHaveLength(1)
  })

  it.each(['WEBHOOK_SECRET', 'WEBHOOK_SECRET_NEXT', 'WEBHOOK_TOKEN'])('is %s without WEBHOOK_URL', (name) => {
    const { WEBHOOK_URL: _, WEBHOOK_SECRET: __, ...without } = valid
    expect(problemsOf({ ...without, [name]: SECRET })).toContain('WEBHOOK_URL is not set')
  })

  it.each(['WEBHOOK_TOKEN', 'WEBHOOK_SECRET', 'ARCHIVE_CONNECTION_STRING', 'ENTRA_TENANT_ID'])(
    'is a reference in %s that the platform could not resolve',
    (name) => {
      const reference = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/it)'
      expect(
        problemsOf({ ...valid, WEBHOOK_FORMAT: 'splunk-hec', WEBHOOK_TOKEN: 'a', [name]: reference }),
      ).toEqual([
        `${name}: the reference is not resolved: check that the vault has the secret and that the app may read it`,
      ])
    },
  )

  it.each([
    ['by identity', { EVENT_HUB_OUT_NAMESPACE: 'EVHNS-risk.servicebus.windows.net' }],
    [
      'by connection string',
      {
        EVENT_HUB_OUT_CONNECTION_STRING:
          'Endpoint=sb://evhns-risk.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b',
      },
    ],
  ])('is the hub that is read as the one that is sent to, which would never end: %s', (_, out) => {
    expect(problemsOf({ ...valid, ...out, EVENT_HUB_OUT_NAME: 'Entra-Risk' })).toEqual([
      expect.stringContaining('EVENT_HUB_OUT_NAME'),
    ])
    expect(problemsOf({ ...valid, ...out, EVENT_HUB_OUT_NAME: 'risk-events' })).toEqual([])
  })

  it('does not hide what others lack together', () => {
    const namesIn = (env: Environment) => problemsOf(env).map((problem) => problem.split(/[: ]/)[0])
    expect(
      namesIn({ ...valid, EVENT_HUB_NAME: '%', LOGS_INGESTION_ENDPOINT: 'https://dce.example' }),
    ).toEqual(['EVENT_HUB_NAME', 'LOGS_INGESTION_ENDPOINT'])
    expect(namesIn({ ...valid, WEBHOOK_MAX_EVENTS: 'many', WEBHOOK_SECRET: '' })).toEqual([
      'WEBHOOK_MAX_EVENTS',
      'WEBHOOK_SECRET',
    ])
  })
})

describe('a setting that can work', () => {
  it.each<readonly [string, Environment]>([
    ['storage by account and suffix', { AzureWebJobsStorage: `${ACCOUNT};EndpointSuffix=core.windows.net` }],
    [
      'storage by endpoints',
      { AzureWebJobsStorage: `${ACCOUNT};${AT_HOME};TableEndpoint=http://127.0.0.1:3/dev;` },
    ],
    [
      'storage by signature',
      { ARCHIVE_CONNECTION_STRING: 'BlobEndpoint=https://a.example/;SharedAccessSignature=sv=1&sig=a=b' },
    ],
    ['the development storage', { AzureWebJobsStorage: 'UseDevelopmentStorage=true' }],
    ['a hub by key', { EventHub: HUB }],
    ['a hub by its own name', { EventHub: `${HUB};EntityPath=Entra-Risk` }],
    [
      'a hub by signature',
      { EventHub: 'Endpoint=sb://ns.example/;SharedAccessSignature=SharedAccessSignature sr=x&sig=y' },
    ],
    [
      'a private address that is meant',
      { WEBHOOK_URL: 'https://10.1.2.3/', WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true' },
    ],
    [
      'a proxy with a password',
      { WEBHOOK_PROXY_URL: 'http://us%25er:p%40ss@proxy:3128', WEBHOOK_ALLOWED_HOSTS: 'siem.example' },
    ],
    [
      'categories of people that are switched on',
      { WEBHOOK_CATEGORIES: 'RiskyUsers, RiskyAgents', INCLUDE_USER_RISK: 'true' },
    ],
    [
      'a sweep and a heartbeat every ten seconds',
      { SWEEP_SCHEDULE: '*/10 * * * * *', HEARTBEAT_SCHEDULE: '*/10 * * * * *' },
    ],
    [
      'a heartbeat a minute, or on a leap day',
      { HEARTBEAT_SCHEDULE: '30 * * * * *', SWEEP_SCHEDULE: '0 0 0 29 FEB *' },
    ],
    [
      'telemetry',
      {
        APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${GUID};IngestionEndpoint=https://weu.in.example/`,
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${GUID};Authorization=AAD`,
      },
    ],
  ])('is %s', (_, change) => {
    expect(problemsOf({ ...valid, ...change })).toEqual([])
  })

  it('is an authority as it is, two of them, and one whose line breaks are written out', () => {
    expect(readSettings({ ...valid, WEBHOOK_CA_PEM: caPem }).webhooks).toMatchObject([{ caPem }])
    expect(problemsOf({ ...valid, WEBHOOK_CA_PEM: `# ours\n${caPem}\n${caPem}` })).toEqual([])
    const written = caPem.replaceAll('\n', '\\n')
    expect(readSettings({ ...valid, WEBHOOK_CA_PEM: written }).webhooks).toMatchObject([{ caPem }])
  })

  it('is for operators also what only the app can resolve, as far as they do not need it', () => {
    const reference = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/it)'
    const names = ['WEBHOOK_URL', 'WEBHOOK_SECRET', 'WEBHOOK_TOKEN', 'WEBHOOK_CA_PEM', 'WEBHOOK_PROXY_URL']
    const env = { ...valid, ...Object.fromEntries(names.map((name) => [name, reference])) }
    expect(operatorSettings(env).webhooks).toMatchObject([{ name: 'webhook' }])
    expect(() => operatorSettings({ ...env, ARCHIVE_CONNECTION_STRING: reference })).toThrow(
      'ARCHIVE_CONNECTION_STRING: the reference is not resolved',
    )
  })
})
