import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createServer } from 'node:tls'
import { CredentialUnavailableError, type TokenCredential } from '@azure/identity'
import { afterEach, expect, test, vi } from 'vitest'
import { startManagedIdentity } from '../../../local/emulators/managed-identity/managed-identity.ts'
import { createLocalAuthority, LOCAL_HOSTS } from '../../../local/emulators/tls/local-authority.ts'
import { eventHubOut } from '../../../shared/composition/event-hub-out.ts'
import { managedIdentity } from '../../../shared/composition/managed-identity.ts'
import { systemTime } from '../../../shared/composition/system-time.ts'
import { detection } from '../../support/archived-events.ts'
import { startedEmulator } from '../../support/event-hub-clients.ts'
import { deliver, never, readAll } from './hub-under-test.ts'

const AUDIENCE = 'https://eventhubs.azure.net/'

const stops: (() => unknown)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const stop of stops.splice(0)) await stop()
})

/** A namespace behind TLS, as in Azure, which takes tokens of an identity for an audience. */
async function namespaceFor(
  audience: string,
  credential: () => Promise<TokenCredential> = () => managedIdentity(undefined, systemTime),
) {
  const identity = await startManagedIdentity({
    header: 'shown-by-the-app',
    nowMs: Date.now,
  })
  vi.stubEnv('IDENTITY_ENDPOINT', identity.url)
  vi.stubEnv('IDENTITY_HEADER', identity.header)
  const emulator = await startedEmulator({ isValidToken: (token) => identity.isValid(token, audience) })
  const { keyPem, certPem } = await (await createLocalAuthority()).issue(LOCAL_HOSTS)
  const server = createServer({ key: keyPem, cert: certPem }, (socket) => {
    const inner = connect(emulator.port, '127.0.0.1')
    for (const end of [socket, inner]) end.on('error', () => undefined)
    socket.pipe(inner).pipe(socket)
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(
    () => identity.stop(),
    () => server.close(),
  )
  const sink = eventHubOut(
    {
      name: 'risk',
      namespace: `localhost:${(server.address() as AddressInfo).port}`,
      connectionString: undefined,
      format: 'cloudevents',
      categories: [],
      redactions: [],
      redactKey: undefined,
    },
    credential,
  )
  return { identity, emulator, sink }
}

/** The client of the hub cannot be told which authority to trust. */
const trustAny = (): void => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
}

test('a hub takes events of the managed identity, by a token that is for Event Hubs', async () => {
  const { identity, emulator, sink } = await namespaceFor(AUDIENCE)
  trustAny()
  expect(await sink.check(never)).toBeUndefined()
  expect((await deliver(sink, detection('a'), detection('b'))).status).toBe('delivered')
  expect((await readAll(emulator, 2)).flat()).toHaveLength(2)
  expect(identity.issued()).toBe(1)
})

test('a token that the hub does not take is the fault of the sink, and appears nowhere', async () => {
  const { emulator, sink } = await namespaceFor('https://another.example')
  trustAny()
  const outcome = await deliver(sink, detection('a'))
  expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'unauthorized', scope: 'sink' } })
  expect(JSON.stringify(outcome)).not.toContain('eyJ')
  expect(emulator.stats).toMatchObject({ messagesStored: 0 })
  expect(emulator.stats.tokensRefused).toBeGreaterThan(0)
})

test('an identity that does not exist is the fault of the sink', async () => {
  const { sink } = await namespaceFor(AUDIENCE, () =>
    Promise.resolve({ getToken: () => Promise.reject(new CredentialUnavailableError('no such identity')) }),
  )
  trustAny()
  const outcome = await deliver(sink, detection('a'))
  expect(outcome).toMatchObject({ fault: { code: 'unauthorized', scope: 'sink' } })
})

test('a hub whose certificate is not trusted gets neither token nor event', async () => {
  const { identity, emulator, sink } = await namespaceFor(AUDIENCE)
  expect(await deliver(sink, detection('a'))).toMatchObject({
    fault: { code: 'certificateRejected', scope: 'sink' },
  })
  expect([identity.issued(), emulator.stats.messagesStored]).toEqual([0, 0])
})
