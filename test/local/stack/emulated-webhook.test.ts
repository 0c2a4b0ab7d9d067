import { expect, test } from 'vitest'
import { startManagedIdentity } from '../../../local/emulators/managed-identity/managed-identity.ts'
import { emulatedWebhook } from '../../../local/stack/emulated-webhook.ts'
import { siem } from '../emulators/siem/siem-under-test.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const of = (settings: Readonly<Record<string, string>>) =>
  emulatedWebhook({ WEBHOOK_URL: 'https://localhost', WEBHOOK_SECRET: SECRET, ...settings }, () => 0, {
    isValid: () => false,
  })

test.each([
  ['nothing', {}, {}],
  ['a user and a password', { AUTH: 'basic', TOKEN: 'soc:word' }, { authorization: 'Basic c29jOndvcmQ=' }],
  ['a bearer token', { FORMAT: 'otlp', TOKEN: 't' }, { authorization: 'Bearer t' }],
  [
    'a header of its own',
    { FORMAT: 'otlp', AUTH: 'header', TOKEN_HEADER: 'DD-API-KEY', TOKEN: 't' },
    { 'dd-api-key': 't' },
  ],
  [
    'both keys of a feed',
    { FORMAT: 'secops', TOKEN: 'k', HEADERS: '{"X-Webhook-Access-Key":"s"}' },
    { 'x-goog-api-key': 'k', 'x-webhook-access-key': 's' },
  ],
])('the emulated receiver expects %s, as the settings say', (_, given, headers) => {
  const settings = Object.fromEntries(
    Object.entries<string>(given).map(([name, value]) => [`WEBHOOK_${name}`, value]),
  )
  expect(of(settings).headers).toEqual(headers)
  expect(of(settings).format).toBe(settings['WEBHOOK_FORMAT'] ?? 'cloudevents')
})

test('what the app would not send with is expected by nobody', () => {
  expect(of({ WEBHOOK_FORMAT: 'splunk-hec' })).toEqual({ format: 'cloudevents' })
})

const { start, send } = siem()

test('of tokens of the managed identity it accepts those for its own audience, until they expire', async () => {
  let now = Date.now()
  const identity = await startManagedIdentity({ header: 'shown-by-the-app', nowMs: () => now })
  const tokenFor = async (resource: string): Promise<string> => {
    const asked = await fetch(`${identity.url}?api-version=2019-08-01&resource=${resource}`, {
      headers: { 'x-identity-header': identity.header },
    })
    return ((await asked.json()) as { access_token: string }).access_token
  }
  const settings = {
    WEBHOOK_URL: 'https://localhost',
    WEBHOOK_AUTH: 'entra',
    WEBHOOK_TOKEN_SCOPE: 'api://siem/.default',
  }
  const receiver = await start({ secrets: [], ...emulatedWebhook(settings, () => now, identity) })
  const event = JSON.stringify([{ specversion: '1.0', id: 'one', source: '/s', type: 't' }])
  const answerTo = async (headers: Record<string, string>): Promise<number> =>
    (
      await send(receiver.url, 'POST', event, {
        'content-type': 'application/cloudevents-batch+json',
        ...headers,
      })
    ).status
  const own = { authorization: `Bearer ${await tokenFor('api://siem')}` }
  expect(await answerTo(own)).toBe(204)
  expect(await answerTo({ authorization: `Bearer ${await tokenFor('https://monitor.azure.com')}` })).toBe(401)
  expect(await answerTo({})).toBe(401)
  now += 25 * 3_600_000
  expect(await answerTo(own)).toBe(401)
  expect(receiver.received()).toBe(1)
  await identity.stop()
})
