import { readFileSync } from 'node:fs'
import { readSettings } from '../../../shared/config/parse-settings.ts'
import { WEBHOOK_SETTINGS } from '../../../shared/config/webhook-settings.ts'
import { WEBHOOK_FORMATS } from '../../../shared/domain/webhook-formats.ts'
import { propertiesOfType } from '../../support/bicep/declarations.ts'
import type { Deployment } from '../../support/bicep/snapshot.ts'
import { isObject } from '../../support/bicep/value.ts'
import { settingNotes } from '../../support/settings/setting-notes.ts'
import { at, CLIENT_PEM, differences, inEach, ofType, type Rule, SCENARIO_NAMES, textAt } from './world.ts'

/** Declared settings that a deployment in Azure never writes, and why. */
export const NOT_IN_AZURE: Readonly<Record<string, string>> = {
  EventHub: 'connection string of the embedded stack; in Azure the identity signs in',
  AzureWebJobsStorage: 'connection string of the embedded stack; in Azure the identity signs in',
  EVIDENCE_LOCAL_KEY: 'key of the embedded stack; in Azure the vault signs',
  ARCHIVE_CONNECTION_STRING: 'connection string of the embedded stack; in Azure the identity signs in',
}

/** Settings that only the Functions host reads. */
const HOST_ALONE = ['AzureWebJobsStorage__accountName']

/** Settings that Flex Consumption refuses or ignores. */
const FORBIDDEN =
  /^(FUNCTIONS_(WORKER_RUNTIME|EXTENSION_VERSION|WORKER_PROCESS_COUNT)|WEBSITE_|SCM_DO_BUILD|ENABLE_ORYX|APPINSIGHTS_INSTRUMENTATIONKEY)/

/** App settings as the deployment writes them. */
export function writtenSettings(deployment: Deployment): Readonly<Record<string, string>> {
  const config = ofType(deployment, 'Microsoft.Web/sites/config').find((r) => r.name === 'appsettings')
  const properties = at(config?.body, 'properties')
  return isObject(properties)
    ? Object.fromEntries(Object.keys(properties).map((name) => [name, textAt(properties, name)]))
    : {}
}

const REFERENCE =
  /^@Microsoft\.KeyVault\(SecretUri=https:\/\/kv-[a-z0-9]{13}\.vault\.azure\.net\/secrets\/([a-z0-9-]+)\)$/
/** What the platform puts in the place of a reference, by the end of the secret's name. */
const vault: readonly (readonly [RegExp, string])[] = [
  [/^webhook(-[a-z0-9]+)?-secret$/, `whsec_${'A'.repeat(32)}`],
  [/^webhook(-[a-z0-9]+)?-secret-next$/, `whsec_${'B'.repeat(32)}`],
  [/^webhook(-[a-z0-9]+)?-(token|token-next|redact-key)$/, '00000000-0000-4000-8000-000000000000'],
  [/^webhook(-[a-z0-9]+)?-headers$/, '{"x-tenant":"contoso"}'],
  [/^webhook(-[a-z0-9]+)?-client-pem$/, CLIENT_PEM],
  [
    /^event-hub-out$/,
    'Endpoint=sb://soc.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=a2V5',
  ],
]
const resolved = (value: string): string | undefined => {
  const secret = REFERENCE.exec(value)?.[1]
  return secret === undefined ? value : vault.find(([names]) => names.test(secret))?.[1]
}

const problemsOf = (settings: Readonly<Record<string, string>>): readonly string[] => {
  try {
    const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, resolved(value)]))
    return readSettings(env).webhooks.flatMap(({ problems = [] }) => problems)
  } catch (error) {
    return [String(error)]
  }
}

/** The program and the infrastructure agree on every app setting. */
export const settingRules: readonly Rule[] = [
  {
    name: 'the deployment writes exactly the settings that the program declares, but for those of the embedded stack',
    check: inEach(['usual', 'private'], (d) =>
      differences('settings', Object.keys(writtenSettings(d)), [
        ...settingNotes()
          .map((note) => note.name)
          .filter((name) => !(name in NOT_IN_AZURE)),
        ...HOST_ALONE,
      ]),
    ),
  },
  {
    name: 'without a webhook no setting of the webhook is written',
    check: inEach(['plain', 'guest'], (d) =>
      Object.keys(writtenSettings(d)).filter((name) => name.startsWith('WEBHOOK_')),
    ),
  },
  {
    name: 'the program starts with what the deployment writes',
    check: inEach(SCENARIO_NAMES, (d) => problemsOf(writtenSettings(d))),
  },
  {
    name: 'what is not said keeps the program’s default',
    check: inEach(['usual'], (d) => {
      const written = writtenSettings(d)
      const said = new Set(['EVENT_HUB_CONSUMER_GROUP'])
      return settingNotes()
        .filter((note) => note.fallback !== undefined && !said.has(note.name) && !(note.name in NOT_IN_AZURE))
        .filter((note) => written[note.name] !== note.fallback)
        .map((note) => `${note.name} is ${written[note.name]}, the program’s default is ${note.fallback}`)
    }),
  },
  {
    name: 'what is said arrives',
    check: inEach(['private'], (d) => {
      const wanted = {
        WEBHOOK_FORMAT: 'splunk-hec',
        WEBHOOK_SPLUNK_INDEX: 'entra',
        WEBHOOK_CA_PEM: readFileSync('test/infra/snapshots/authority.pem', 'utf8'),
        WEBHOOK_MAX_EVENTS: '100',
        WEBHOOK_URL: 'https://splunk.example/services/collector/event',
        DELIVERY_TIMEOUT_MS: '500',
        DELIVERY_MAX_AGE_HOURS: '24',
        WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'false',
      }
      const written = writtenSettings(d)
      return Object.entries(wanted)
        .filter(([name, value]) => written[name] !== value)
        .map(([name]) => `${name} is ${written[name]}`)
    }),
  },
  {
    name: 'a secret setting is a reference to the vault, or empty',
    check: inEach(['usual', 'private'], (d) => {
      const written = writtenSettings(d)
      return settingNotes()
        .filter((note) => note.secret && written[note.name])
        .filter(
          (note) =>
            !REFERENCE.test(written[note.name] ?? '') || resolved(written[note.name] ?? '') === undefined,
        )
        .map((note) => note.name)
    }),
  },
  {
    name: 'a destination refers to the secrets of its way to authenticate alone, to two while rotating',
    check: (world) => {
      const refers = (scenario: 'usual' | 'private' | 'several') =>
        Object.entries(writtenSettings(world.deployment(scenario))).flatMap(([name, value]) => {
          const secret = REFERENCE.exec(value)?.[1]
          return secret === undefined ? [] : [`${name} ${secret}`]
        })
      return [
        ...differences('usual', refers('usual'), ['WEBHOOK_SECRET webhook-secret']),
        ...differences('private', refers('private'), [
          'WEBHOOK_TOKEN webhook-token',
          'WEBHOOK_TOKEN_NEXT webhook-token-next',
        ]),
        ...differences('several', refers('several'), [
          'WEBHOOK_SOC_TOKEN webhook-soc-token',
          'WEBHOOK_LAKE_TOKEN webhook-lake-token',
          'WEBHOOK_LAKE_TOKEN_NEXT webhook-lake-token-next',
          'WEBHOOK_LAKE_HEADERS webhook-lake-headers',
          'WEBHOOK_LAKE_REDACT_KEY webhook-lake-redact-key',
          'WEBHOOK_TENANT_CLIENT_PEM webhook-tenant-client-pem',
        ]),
      ]
    },
  },
  {
    name: 'each destination has the settings of its own, as declared',
    check: inEach(['several'], (d) => {
      const declared = Object.keys(WEBHOOK_SETTINGS.shape)
      const written = Object.keys(writtenSettings(d)).filter((name) => name.startsWith('WEBHOOK_'))
      const wanted = ['SOC', 'LAKE', 'TENANT'].flatMap((name) => declared.map((s) => `WEBHOOK_${name}_${s}`))
      return differences('settings', written, wanted)
    }),
  },
  {
    name: 'every format can be deployed, with the authentication that is usual for it',
    check: inEach(['formats'], (d) => {
      const written = writtenSettings(d)
      const formats = Object.entries(written).filter(
        ([name]) => name.endsWith('_FORMAT') && name.startsWith('WEBHOOK_'),
      )
      return [
        ...differences(
          'formats',
          formats.map(([, format]) => format),
          Object.keys(WEBHOOK_FORMATS),
        ),
        ...problemsOf(written),
      ]
    }),
  },
  {
    name: 'secrets lie in the vault under the names that the settings refer to',
    check: inEach(['private'], (d) => {
      const names = ofType(d, 'Microsoft.KeyVault/vaults/secrets').map(
        (r) => `${r.name} ${textAt(r.body, 'properties.value')}`,
      )
      return differences('secrets', names, [
        'webhook-secret given-webhookSecret',
        'webhook-secret-next given-webhookSecretNext',
        'webhook-token given-webhookToken',
      ])
    }),
  },
  {
    name: 'the options of the webhook and of delivery are those that the app reads',
    check: ({ sources }) => {
      const app = sources.text('infra/modules/function-app.bicep')
      const read = (parameter: string): readonly string[] => [
        ...new Set(
          [...app.matchAll(new RegExp(`\\b${parameter}\\.\\?(\\w+)`, 'g'))].map((match) => match[1] ?? ''),
        ),
      ]
      const properties = (name: string) => propertiesOfType(sources.text('infra/modules/types.bicep'), name)
      return [
        ...differences('webhook', read('receiver'), properties('webhookOptions')),
        ...differences('tune', read('tune'), properties('tuning')),
      ]
    },
  },
  {
    name: 'no setting is written that Flex Consumption refuses',
    check: inEach(SCENARIO_NAMES, (d) =>
      Object.keys(writtenSettings(d)).filter((name) => FORBIDDEN.test(name)),
    ),
  },
  {
    name: 'everybody signs in by the one identity: no connection string, no key',
    check: inEach(SCENARIO_NAMES, (d) => {
      const written = writtenSettings(d)
      const client = '11111111-1111-4111-8111-111111111111'
      const host = ofType(d, 'Microsoft.Storage/storageAccounts').find((r) => r.name.startsWith('sthost'))
      const wanted = {
        AZURE_CLIENT_ID: client,
        EventHub__clientId: client,
        EventHub__credential: 'managedidentity',
        AzureWebJobsStorage__accountName: host?.name,
        AzureWebJobsStorage__clientId: client,
        AzureWebJobsStorage__credential: 'managedidentity',
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${client};Authorization=AAD`,
      }
      return [
        ...Object.entries(wanted)
          .filter(([name, value]) => written[name] !== value)
          .map(([name]) => `${name} is ${written[name]}`),
        ...Object.entries(written)
          .filter(([, value]) => /AccountKey=|SharedAccessKey=/.test(value))
          .map(([name]) => name),
      ]
    }),
  },
]
