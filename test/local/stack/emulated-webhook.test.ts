import { expect, test } from 'vitest'
import { emulatedWebhook } from '../../../local/stack/emulated-webhook.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const of = (settings: Readonly<Record<string, string>>) =>
  emulatedWebhook({ WEBHOOK_URL: 'https://localhost', WEBHOOK_SECRET: SECRET, ...settings }, () => 0)

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
