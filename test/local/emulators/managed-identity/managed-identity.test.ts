import { ManagedIdentityCredential } from '@azure/identity'
import { afterEach, expect, test, vi } from 'vitest'
import {
  type ManagedIdentity,
  type ManagedIdentityOptions,
  startManagedIdentity,
} from '../../../../local/emulators/managed-identity/managed-identity.ts'

const MONITOR = 'https://monitor.azure.com'
const CLIENT_ID = '12121212-3434-4565-8787-909090909090'
const running: ManagedIdentity[] = []

async function start(options: Partial<ManagedIdentityOptions> = {}): Promise<ManagedIdentity> {
  const identity = await startManagedIdentity({ header: 'shown-by-the-app', nowMs: Date.now, ...options })
  running.push(identity)
  return identity
}

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const identity of running.splice(0)) await identity.stop()
})

const ask = (identity: ManagedIdentity, query: string, header = identity.header): Promise<Response> =>
  fetch(`${identity.url}?${query}`, { headers: { 'x-identity-header': header } })

test('the official credential gets a token for its audience alone, and none for another identity', async () => {
  const identity = await start({ clientId: CLIENT_ID })
  // The credential reads these once in a process: hence one test for both halves.
  vi.stubEnv('IDENTITY_ENDPOINT', identity.url)
  vi.stubEnv('IDENTITY_HEADER', identity.header)

  const ours = new ManagedIdentityCredential({ clientId: CLIENT_ID })
  const { token, expiresOnTimestamp } = await ours.getToken(`${MONITOR}/.default`)
  expect(identity.isValid(token, MONITOR)).toBe(true)
  expect(identity.isValid(token, 'https://storage.azure.com')).toBe(false)
  expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_600_000)

  const other = new ManagedIdentityCredential({ clientId: '00000000-0000-4000-8000-000000000000' })
  await expect(other.getToken(`${MONITOR}/.default`)).rejects.toThrow(/Authentication failed/)
  expect(identity.issued()).toBe(1)
})

test('a token is valid until it expires', async () => {
  let now = Date.parse('2026-03-01T12:00:00Z')
  const identity = await start({ nowMs: () => now, tokenLifetimeMs: 60_000 })
  const answer = await ask(identity, `api-version=2019-08-01&resource=${MONITOR}`)
  const { access_token: token, expires_on: expiresOn } = (await answer.json()) as Record<string, string>
  expect(expiresOn).toBe(String(now / 1000 + 60))
  expect(identity.isValid(token ?? '', MONITOR)).toBe(true)
  now += 60_001
  expect(identity.isValid(token ?? '', MONITOR)).toBe(false)
})

test('a token tells whose it is where the identity was named', async () => {
  const identity = await start()
  const tokenFor = async (query: string): Promise<string> => {
    const answer = await ask(identity, `api-version=2019-08-01&resource=${MONITOR}${query}`)
    return ((await answer.json()) as Record<string, string>)['access_token'] ?? ''
  }
  const named = await tokenFor(`&client_id=${CLIENT_ID}`)
  expect([identity.isValid(named, MONITOR), identity.isValid(named, MONITOR, CLIENT_ID)]).toEqual([
    true,
    true,
  ])
  const other = await tokenFor('')
  expect([identity.isValid(other, MONITOR), identity.isValid(other, MONITOR, CLIENT_ID)]).toEqual([
    true,
    false,
  ])
})

test('a token of another endpoint is not valid', async () => {
  const ours = await start()
  const theirs = await start({ header: 'of-another-app' })
  const answer = await ask(theirs, `api-version=2019-08-01&resource=${MONITOR}`)
  const { access_token: token = '' } = (await answer.json()) as Record<string, string>
  expect(theirs.isValid(token, MONITOR)).toBe(true)
  expect(ours.isValid(token, MONITOR)).toBe(false)
  expect(ours.isValid('no token at all', MONITOR)).toBe(false)
})

test.each([
  ['without the secret header', 401, `api-version=2019-08-01&resource=${MONITOR}`, 'wrong'],
  ['of another protocol version', 400, `api-version=2017-09-01&resource=${MONITOR}`, undefined],
  ['without a resource', 400, 'api-version=2019-08-01', undefined],
])('a caller %s gets %i and no token', async (_, status, query, header) => {
  const identity = await start()
  const answer = await ask(identity, query, header)
  expect(answer.status).toBe(status)
  expect(await answer.json()).not.toHaveProperty('access_token')
})
