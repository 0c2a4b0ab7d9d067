import { TableServiceClient } from '@azure/data-tables'
import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { startGraph } from '../../local/emulators/graph/graph.ts'
import {
  type LogsIngestion,
  startLogsIngestion,
} from '../../local/emulators/logs-ingestion/logs-ingestion.ts'
import type { ManagedIdentity } from '../../local/emulators/managed-identity/managed-identity.ts'
import { type SiemReceiver, startSiemReceiver } from '../../local/emulators/siem/siem-receiver.ts'
import { createLocalAuthority, type LocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { writeConnectionFile } from '../../local/stack/connection-file.ts'
import { hostEnvironment } from '../../local/stack/host-environment.ts'
import { RULE_ID } from '../../local/stack/names.ts'
import { tableDeclarations } from '../../shared/sinks/log-analytics/tables.ts'
import { HUB, ingestWorld, messageAt } from '../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { type CliOptions, cli, newFolder, type Said } from './cli-under-test.ts'
import { processIdentity } from './process-identity.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

let authority: LocalAuthority
let azurite: StorageAccount
let hub: EventHubEmulator
let identity: ManagedIdentity
let ingestion: LogsIngestion
let siem: SiemReceiver
let env: Readonly<Record<string, string>>
let temporaryFolder: string
let options: CliOptions

beforeAll(async () => {
  const nowMs = () => Date.now()
  const folder = await newFolder()
  authority = await createLocalAuthority()
  ;[azurite, hub, identity] = await Promise.all([
    storageAccount(),
    startEventHubEmulator({ hubs: [{ name: HUB, partitions: 2 }], nowMs }),
    processIdentity(),
  ])
  const audience = 'https://monitor.azure.com'
  ;[ingestion, siem] = await Promise.all([
    startLogsIngestion({
      authority,
      tables: tableDeclarations(),
      ruleId: RULE_ID,
      isValidToken: (token) => identity.isValid(token, audience),
      nowMs,
    }),
    startSiemReceiver({ authority, secrets: [SECRET], format: 'cloudevents', nowMs }),
  ])
  await ingestWorld({ azurite, sinks: [] })
  const caPem = authority.caPem
  env = hostEnvironment({
    hub,
    azurite,
    identity,
    ingestion,
    siem,
    graph: { url: 'https://graph.invalid' },
    secret: SECRET,
    caPem,
    caFile: `${folder}/ca.pem`,
  })
  temporaryFolder = await newFolder()
  await writeConnectionFile(env, temporaryFolder)
  options = {
    temporaryFolder,
    onVariables: (variables) => Object.assign(process.env, variables),
  }
})
afterAll(async () => {
  delete process.env.IDENTITY_ENDPOINT
  delete process.env.IDENTITY_HEADER
  await Promise.all([azurite.stop(), hub.stop(), ingestion.stop(), siem.stop()])
})

/** Lines that are not `ok`, and what each says to do. */
const problems = ({ stdout }: Said): readonly string[] =>
  stdout.split('\n').filter((line) => line !== '' && !line.startsWith('ok  ') && !/^\d+ ok,/.test(line))

/** The doctor's word on the stack, with some settings changed; an empty one is none. */
async function doctor(changes: Readonly<Record<string, string>> = {}): Promise<Said> {
  const folder = await newFolder()
  await writeConnectionFile({ ...env, ...changes }, folder)
  return cli(['doctor', '--local'], { ...options, temporaryFolder: folder })
}

describe('doctor', () => {
  it('finds the embedded stack by --local, and nothing wrong with it but what has not run yet', async () => {
    const said = await cli(['doctor', '--local'], options)
    expect([said.code, said.stderr]).toEqual([0, ''])
    await expect(said.stdout).toMatchFileSnapshot('../golden/cli/doctor.txt')
  })

  it('--json tells the same as one object', async () => {
    const { code, stdout } = await cli(['doctor', '--local', '--json'], options)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ healthy: true, ok: 18, warn: 1, fail: 0 })
  })

  it('writes and sends nothing while it checks that it could', async () => {
    const before = [ingestion.received(), siem.received(), hub.stats.messagesStored]
    await doctor()
    expect([ingestion.received(), siem.received(), hub.stats.messagesStored]).toEqual(before)
    const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString)
    for (const name of ['archive', 'receipts', 'deadletters'])
      for await (const blob of blobs.getContainerClient(name).listBlobsFlat())
        throw new Error(`${name} holds ${blob.name}`)
  })

  it('lists every problem of the settings, and no value', async () => {
    const said = await doctor({
      ENTRA_TENANT_ID: 'not-a-guid',
      EVENT_HUB_NAME: '',
      DELIVERY_TIMEOUT_MS: '-1',
    })
    expect(said.code).toBe(1)
    await expect(said.stdout).toMatchFileSnapshot('../golden/cli/doctor-settings.txt')
  })

  it('says what to do about storage that is not there', async () => {
    const tables = TableServiceClient.fromConnectionString(azurite.connectionString, {
      allowInsecureConnection: true,
    })
    await tables.deleteTable('settled')
    const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString)
    await blobs.getContainerClient('receipts').delete()
    const said = await doctor()
    await tables.createTable('settled')
    await blobs.getContainerClient('receipts').create()
    expect(said.code).toBe(1)
    await expect(`${problems(said).join('\n')}\n`).toMatchFileSnapshot('../golden/cli/doctor-storage.txt')
  })

  it('says what to do about a sink that refuses', async () => {
    const said = await doctor({
      WEBHOOK_URL: 'https://127.0.0.1:9/',
      LOGS_INGESTION_RULE_ID: `dcr-${'f'.repeat(32)}`,
    })
    expect(said.code).toBe(1)
    expect(problems(said).filter((line) => line.startsWith('fail  sinks'))).toEqual([
      'fail  sinks            log-analytics                     notFound (404).',
      'fail  sinks            webhook                           unreachable.',
    ])
  })

  it('checks every destination, and says of each what is wrong with it', async () => {
    const reference = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/it)'
    const said = await doctor({
      WEBHOOKS: 'soc,lake,vault,proxied',
      WEBHOOK_SOC_URL: siem.url,
      WEBHOOK_SOC_SECRET: reference,
      WEBHOOK_SOC_TOKEN: 'current',
      WEBHOOK_SOC_TOKEN_NEXT: reference,
      WEBHOOK_SOC_CA_PEM: env.WEBHOOK_CA_PEM ?? '',
      WEBHOOK_SOC_ALLOW_PRIVATE_ADDRESSES: 'true',
      WEBHOOK_LAKE_URL: 'lake.example',
      WEBHOOK_LAKE_AUTH: 'none',
      WEBHOOK_VAULT_URL: reference,
      WEBHOOK_VAULT_SECRET: SECRET,
      WEBHOOK_PROXIED_URL: siem.url,
      WEBHOOK_PROXIED_SECRET: SECRET,
      WEBHOOK_PROXIED_PROXY_URL: reference,
    })
    expect(said.code).toBe(1)
    expect(said.stdout).toMatch(/^ok {4}sinks +soc /m)
    const found = problems(said)
      .filter((line) => /(SOC|LAKE|VAULT|PROXIED)_| (soc|lake|vault|proxied)[ ;]/.test(line))
      .map((line) => line.replaceAll(/ +/g, ' '))
    expect(found).toEqual([
      'warn settings WEBHOOK_SOC_SECRET It is a reference to a Key Vault, which only the app resolves.',
      'warn settings WEBHOOK_SOC_TOKEN_NEXT It is a reference to a Key Vault, which only the app resolves.',
      'warn settings WEBHOOK_VAULT_URL It is a reference to a Key Vault, which only the app resolves.',
      'warn settings WEBHOOK_PROXIED_PROXY_URL It is a reference to a Key Vault, which only the app resolves.',
      'fail settings WEBHOOK_LAKE_URL Expected an https URL.',
      ' vault; proxied',
    ])
    expect(said.stdout).toMatch(
      /^warn {2}sinks +2 checks +Not checked: a setting that it needs is in a Key Vault\.$/m,
    )
  })

  it('says what to do about a hub that is not there', async () => {
    const said = await doctor({
      EventHub: hub.connectionString(HUB).replace(/EntityPath=.*/, 'EntityPath=another'),
      EVENT_HUB_NAME: 'another',
    })
    expect(said.code).toBe(1)
    expect(problems(said).slice(0, 3)).toEqual([
      'fail  event hub        2 checks                          The hub does not exist.',
      '      reading; sending',
      '      → Check EVENT_HUB_NAME and the namespace.',
    ])
  })

  it("reads Entra's setting where Graph is used, with the identity at hand", async () => {
    const setting = {
      id: 'entra-risk-export',
      name: 'entra-risk-export',
      properties: {
        eventHubAuthorizationRuleId: '/x/namespaces/localhost/authorizationRules/diagnostics',
        eventHubName: HUB,
        logs: [{ category: 'RiskyServicePrincipals', enabled: true }],
      },
    }
    const graph = await startGraph({
      authority,
      principals: [
        {
          id: 'app',
          holds: (token) => token !== '',
          permissions: ['microsoft.aadiam/diagnosticSettings/read'],
        },
      ],
      nowMs: () => Date.now(),
    })
    graph.tenant.put('diagnosticSettings', setting)
    const said = await doctor({ GRAPH_RECONCILE: 'true', RESOURCE_MANAGER_ENDPOINT: graph.url })
    await graph.stop()
    expect(said.code).toBe(1)
    expect(
      problems(said)
        .find((line) => line.includes('diagnostic setting'))
        ?.replaceAll(/ +/g, ' '),
    ).toBe(
      'fail Entra diagnostic setting The diagnostic setting of Entra does not stream ServicePrincipalRiskEvents.',
    )
    expect((await doctor()).stdout).not.toContain('diagnostic setting')
  })

  it('warns when much of what the hub carries is none of ours', async () => {
    const world = await ingestWorld({ azurite, sinks: [], startMs: Date.now() })
    const other = '{"records":[{"category":"SignInLogs"},{"category":"SignInLogs"}]}'
    await world.ingest([messageAt(0, other, '0', Date.now() - 1000)])
    expect(problems(await doctor())).toContain(
      'warn  event hub        categories                        2 of 2 records of the last 24 hours were skipped: they are of other categories.',
    )
  })

  it('does not take a reference to a Key Vault for a value', async () => {
    const reference = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/webhook/)'
    const said = await doctor({ WEBHOOK_SECRET: reference })
    expect(said.code).toBe(0)
    expect(said.stdout).toContain('WEBHOOK_SECRET')
    expect(said.stdout).toContain('It is a reference to a Key Vault, which only the app resolves.')
    expect(said.stdout).toContain(
      'webhook                           It responds, and no pending event was refused.',
    )
    const url = await doctor({ WEBHOOK_URL: reference })
    expect(url.stdout).toContain('Not checked: a setting that it needs is in a Key Vault.')
  })
})
