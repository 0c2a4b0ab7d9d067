import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createApp } from '../../shared/composition/create-app.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import { noFailpoint } from '../../shared/delivery/failpoint.ts'

/** The endpoint of the managed identity. */
let server: Server
let status = 200
let asked: (string | null)[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    const resource = new URL(request.url ?? '', 'http://localhost').searchParams.get('resource')
    asked.push(resource)
    const expiresOn = Math.floor(Date.now() / 1000) + 86_400
    const answer =
      status === 200
        ? { access_token: 'token', expires_on: expiresOn, resource, token_type: 'Bearer' }
        : { error: 'invalid_request', error_description: 'Identity not found' }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked = []
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`)
  vi.stubEnv('IDENTITY_HEADER', 'header')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const appOf = (clientId: string) =>
  createApp({
    settings: readSettings({
      ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555',
      EVENT_HUB_NAME: 'entra-risk',
      EventHub__fullyQualifiedNamespace: 'evhns.servicebus.windows.net',
      AzureWebJobsStorage__blobServiceUri: 'https://sthost.blob.core.windows.net',
      AzureWebJobsStorage__queueServiceUri: 'https://sthost.queue.core.windows.net',
      AzureWebJobsStorage__tableServiceUri: 'https://sthost.table.core.windows.net',
      ARCHIVE_BLOB_SERVICE_URI: 'https://starchive.blob.core.windows.net',
      AZURE_CLIENT_ID: clientId,
      LOGS_INGESTION_ENDPOINT: 'https://dcr.westeurope-1.ingest.monitor.azure.us',
      LOGS_INGESTION_RULE_ID: `dcr-${'0'.repeat(32)}`,
    }),
    log: () => undefined,
    time: systemTime,
    newId: () => 'id',
    failpoint: noFailpoint,
  })

it('the tokens that the first batch needs are there when the app has started', async () => {
  status = 200
  await appOf('00000000-0000-4000-8000-000000000001').start()
  expect(new Set(asked)).toEqual(new Set(['https://monitor.azure.us', 'https://storage.azure.com']))
  expect(asked).toHaveLength(2)
})

it('an app whose identity gives no token starts all the same', async () => {
  status = 400
  await appOf('00000000-0000-4000-8000-000000000002').start()
  expect(asked).not.toEqual([])
})
