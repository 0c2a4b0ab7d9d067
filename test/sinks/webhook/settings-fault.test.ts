import { expect, test } from 'vitest'
import { createLocalAuthority } from '../../../local/tls/local-authority.ts'
import { settingsFault } from '../../../shared/sinks/webhook/settings-fault.ts'
import { smallBatch } from '../../contract/sink-fixture.ts'
import { receiver } from './receiver.ts'
import { never, TOKEN, webhook } from './webhook-under-test.ts'

const { caPem: authorityPem, cloudEvents } = receiver()
const none = { token: undefined, caPem: undefined, proxyUrl: undefined }

test.each([
  ['a token with a line break', { token: `${TOKEN}\n` }, 'WEBHOOK_TOKEN'],
  ['a token with a space', { token: 'two words' }, 'WEBHOOK_TOKEN'],
  ['a token beyond ASCII', { token: 'schlüssel' }, 'WEBHOOK_TOKEN'],
  ['an authority that is no PEM', { caPem: 'MIIB' }, 'WEBHOOK_CA_PEM'],
  [
    'an authority that is cut short',
    { caPem: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' },
    'WEBHOOK_CA_PEM',
  ],
  [
    'a proxy password that is not encoded',
    { proxyUrl: 'http://user:100%@proxy.example:3128' },
    'WEBHOOK_PROXY_URL',
  ],
])('%s needs an operator, throws nothing and is not shown', async (_, changes, setting) => {
  const sink = webhook({ url: 'https://receiver.invalid/', ...changes })
  const outcome = await sink.deliver(smallBatch(sink), never)
  expect(outcome).toMatchObject({ status: 'failed', fault: { scope: 'sink' } })
  expect(await sink.check(never)).toMatchObject({ message: expect.stringContaining(setting) })
  for (const value of Object.values(changes))
    expect(JSON.stringify(outcome)).not.toContain(value.slice(0, 20))
})

test('sound settings are no fault', async () => {
  const { caPem } = await createLocalAuthority()
  expect(settingsFault(none)).toBeUndefined()
  expect(settingsFault({ token: TOKEN, caPem, proxyUrl: 'http://us%25er:p%40ss@proxy:3128' })).toBeUndefined()
})

test('an authority whose line breaks are written out is understood', async () => {
  const sink = cloudEvents({ caPem: authorityPem().replaceAll('\n', '\\n') })
  expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'delivered' })
})
