import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalAuthority } from '../../../local/emulators/tls/local-authority.ts'
import { ownSettings, readOwnSettings } from '../../../local/stack/own-settings.ts'
import { startOptions } from '../../../local/stack/start-options.ts'
import { DECLARED_SETTINGS } from '../../../shared/config/declared-settings.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}
const read = (...args: string[]) => readOwnSettings(startOptions(args))

describe('settings of your own', () => {
  it('say how the app behaves; what says where things are is left out, and named', () => {
    const { settings, ignored } = ownSettings({
      DELIVERY_TIMEOUT_MS: '300',
      WEBHOOK_FORMAT: 'splunk-hec',
      WEBHOOK_CATEGORIES: '',
      WEBHOOK_URL: 'https://siem.example',
      WEBHOOK_PROXY_URL: 'http://proxy.example',
      AzureWebJobsStorage__queueServiceUri: 'https://host.example',
      FUNCTIONS_WORKER_RUNTIME: 'node',
    })
    expect(settings).toEqual({ DELIVERY_TIMEOUT_MS: '300', WEBHOOK_FORMAT: 'splunk-hec' })
    expect(ignored).toEqual([
      'WEBHOOK_URL',
      'WEBHOOK_PROXY_URL',
      'AzureWebJobsStorage__queueServiceUri',
      'FUNCTIONS_WORKER_RUNTIME',
    ])
  })

  it('include the way to a receiver of your own, and only to that', () => {
    const proxy = { WEBHOOK_PROXY_URL: 'http://proxy.example', WEBHOOK_URL: 'https://other.example' }
    expect(ownSettings(proxy, 'https://mine.example').settings).toEqual({
      WEBHOOK_PROXY_URL: 'http://proxy.example',
      WEBHOOK_URL: 'https://mine.example',
    })
  })

  it('never move the stack: of all settings, these say where things are', () => {
    const all = Object.fromEntries(Object.keys(DECLARED_SETTINGS).map((name) => [name, 'x']))
    expect(ownSettings(all).ignored).toEqual([
      'EVENT_HUB_NAME',
      'EVENT_HUB_CONSUMER_GROUP',
      'EventHub',
      'EventHub__fullyQualifiedNamespace',
      'EventHub__credential',
      'EventHub__clientId',
      'AzureWebJobsStorage',
      'AzureWebJobsStorage__blobServiceUri',
      'AzureWebJobsStorage__queueServiceUri',
      'AzureWebJobsStorage__tableServiceUri',
      'AzureWebJobsStorage__credential',
      'AzureWebJobsStorage__clientId',
      'ARCHIVE_BLOB_SERVICE_URI',
      'ARCHIVE_CONNECTION_STRING',
      'AZURE_CLIENT_ID',
      'LOGS_INGESTION_ENDPOINT',
      'LOGS_INGESTION_RULE_ID',
      'WEBHOOK_URL',
      'WEBHOOK_ALLOWED_HOSTS',
      'WEBHOOK_ALLOW_PRIVATE_ADDRESSES',
      'WEBHOOK_CA_PEM',
      'WEBHOOK_PROXY_URL',
      'EVIDENCE_LOG',
      'EVIDENCE_KEY_VAULT_URI',
      'EVIDENCE_KEY_NAME',
      'EVIDENCE_LOCAL_KEY',
      'APPLICATIONINSIGHTS_CONNECTION_STRING',
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
    ])
  })

  it('are read from a file as the command reads it, with the certificates of the receiver', async () => {
    const { caPem } = await createLocalAuthority()
    const settings = await file('local.settings.json', '{"Values":{"DELIVERY_TIMEOUT_MS":"300"}}')
    const ca = await file('ca.pem', caPem)
    expect(await read('--settings', settings, '--webhook', 'https://mine.example', '--ca', ca)).toEqual({
      settings: { DELIVERY_TIMEOUT_MS: '300', WEBHOOK_URL: 'https://mine.example' },
      ignored: [],
      caPem,
    })
  })

  it('are refused in one sentence where a file is missing or holds something else', async () => {
    const text = await file('text', 'hello')
    const mine = ['--webhook', 'https://mine.example', '--ca']
    await expect(read('--settings', join(folder, 'none'))).rejects.toThrow(/^--settings: the file .*none was/)
    await expect(read('--settings', text)).rejects.toThrow(
      /^--settings: .*text holds no settings\. Expected JSON/,
    )
    await expect(read(...mine, join(folder, 'none'))).rejects.toThrow(/^--ca: the file .*none was not found/)
    await expect(read(...mine, text)).rejects.toThrow(/^--ca: .*text does not hold complete PEM certificates/)
  })
})
