import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { runDoctor } from '../../shared/composition/create-doctor.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import type { Finding } from '../../shared/operations/doctor/diagnose.ts'
import { parseTokenHolder } from '../../shared/operations/doctor/parse-token-claims.ts'
import { HUB } from '../support/ingest-world.ts'

/** A storage account that allows nothing but reading. */
let storage: Server
let hub: EventHubEmulator
beforeAll(async () => {
  hub = await startEventHubEmulator({ hubs: [{ name: HUB, partitions: 1 }], nowMs: () => Date.now() })
  storage = createServer((request, response) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    const isList = request.url?.includes('comp=list') === true
    const isTable = request.url?.startsWith('/table') === true
    const contentType = isTable ? 'application/json' : 'application/xml'
    if (!isReading) {
      const code = 'AuthorizationPermissionMismatch'
      response.writeHead(403, { 'x-ms-error-code': code, 'content-type': contentType })
      const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message/></Error>`
      return response.end(isTable ? JSON.stringify({ 'odata.error': { code } }) : xml)
    }
    response.writeHead(200, { 'content-type': contentType })
    const blobs = '<?xml version="1.0"?><EnumerationResults><Blobs/><NextMarker/></EnumerationResults>'
    return response.end(isTable ? '{"value":[]}' : isList ? blobs : '')
  })
  await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  storage.closeAllConnections()
  storage.close()
  await hub.stop()
})

async function writings(
  credential: 'default' | 'managedIdentity',
  key?: string,
): Promise<readonly Finding[]> {
  const { port } = storage.address() as AddressInfo
  const at = (service: string) => `${service}Endpoint=http://127.0.0.1:${port}/${service.toLowerCase()}`
  const accountKey = Buffer.alloc(64, 1).toString('base64')
  const account = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=${accountKey};${['Blob', 'Queue', 'Table'].map(at).join(';')}`
  const connection = hub.connectionString(HUB)
  return runDoctor({
    credential,
    caPem: undefined,
    time: systemTime,
    env: {
      ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555',
      EVENT_HUB_NAME: HUB,
      EventHub:
        key === undefined
          ? connection
          : connection.replace(/SharedAccessKey=[^;]+/, `SharedAccessKey=${key}`),
      AzureWebJobsStorage: account,
      ARCHIVE_CONNECTION_STRING: account,
    },
  })
}

const levelsOf = (findings: readonly Finding[], pattern: RegExp) =>
  Object.fromEntries(findings.filter((f) => pattern.test(f.name)).map((f) => [f.name, f.level]))

describe('rights that are missing', () => {
  it('are a warning for an operator where only the app needs them', async () => {
    const findings = await writings('default')
    expect(levelsOf(findings, /writing|wake-up$/)).toEqual({
      'table outbox, writing': 'fail',
      'table settled, writing': 'warn',
      'queue outbox-wake-up': 'warn',
      'container archive, writing': 'warn',
      'container receipts, writing': 'warn',
      'container deadletters, writing': 'fail',
    })
    expect(findings.find((f) => f.name === 'container archive, writing')).toMatchObject({
      says: "Not allowed (AuthorizationPermissionMismatch). This identity is not the app's.",
      fix: 'Only the app needs it: the role "Storage Blob Data Contributor" on the container archive.',
    })
  })

  it('are failures for the app itself, each with the role that it takes', async () => {
    const findings = await writings('managedIdentity')
    const failing = findings.filter((f) => f.name.endsWith(' writing'))
    expect(failing.map((f) => f.level)).toEqual(failing.map(() => 'fail'))
    expect(findings.find((f) => f.name === 'table outbox, writing')?.fix).toBe(
      'Give this identity the role "Storage Table Data Contributor" on the table outbox.',
    )
  })

  it('at the hub are reported by role', async () => {
    const findings = await writings('default', 'another-key')
    expect(findings.filter((f) => f.name === 'reading' || f.name === 'sending')).toMatchObject([
      { level: 'fail', fix: 'Give this identity the role "Azure Event Hubs Data Receiver" on the hub.' },
      { level: 'warn', fix: expect.stringContaining('"Azure Event Hubs Data Sender"') as string },
    ])
  })
})

describe('the holder of a token', () => {
  const token = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`

  it.each([
    [{ upn: 'ines@halden.example', oid: 'x' }, 'ines@halden.example'],
    [{ appid: 'app', oid: 'x' }, 'app'],
    [{ oid: 'x' }, 'x'],
    [{ upn: 7 }, undefined],
  ])('of %j is %s', (claims, holder) => {
    expect(parseTokenHolder(token(claims))).toBe(holder)
  })

  it('of what is no token is nobody', () => {
    for (const text of ['', 'a.b.c', '..', token([])]) expect(parseTokenHolder(text)).toBeUndefined()
  })
})
