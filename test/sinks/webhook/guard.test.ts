import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { describe, expect, test } from 'vitest'
import { isForbiddenAddress } from '../../../shared/domain/forbidden-address.ts'
import { urlFault } from '../../../shared/sinks/webhook/guard.ts'
import { guardedLookup } from '../../../shared/sinks/webhook/guarded-lookup.ts'
import { smallBatch } from '../../contract/sink-fixture.ts'
import { redirect } from '../../support/scripted-answer.ts'
import { receiver } from './receiver.ts'
import { never, webhook, webhookOptions } from './webhook-under-test.ts'

const { server, cloudEvents } = receiver()

const resolvesTo =
  (...addresses: readonly string[]): LookupFunction =>
  (_, __, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

const FORBIDDEN = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:0:8.8.8.8',
  '64:ff9b::808:808',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:2::1',
  '2001:10::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd12:3456:789a::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '2a00::1%eth0',
  'localhost',
  '',
]
const PUBLIC = [
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '168.63.129.17',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.255.255',
  '223.255.255.255',
  '2001:200::1',
  '2600::1',
  '2a00:1450:4001::200e',
]

describe('addresses', () => {
  test.each(FORBIDDEN)('%s is no address of a public receiver', (address) => {
    expect(isForbiddenAddress(address)).toBe(true)
  })

  test.each(PUBLIC)('%s is one', (address) => {
    expect(isForbiddenAddress(address)).toBe(false)
  })
})

describe('a name', () => {
  test.each([
    [['127.0.0.1']],
    [['::ffff:10.0.0.1']],
    [['::ffff:127.0.0.1']],
    [['1.1.1.1', '127.0.0.1']],
    [['2606:4700::1111', '::1']],
    [[]],
  ])('that resolves to %j is not connected to', async (addresses) => {
    const sink = cloudEvents({ allowPrivateAddresses: false, lookup: resolvesTo(...addresses) })
    const expected = { code: 'addressNotAllowed', scope: 'sink' }
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'failed', fault: expected })
    expect(await sink.check(never)).toMatchObject(expected)
    expect(server().requests).toEqual([])
  })

  test('localhost itself is not connected to by the real resolver', async () => {
    const sink = cloudEvents({ allowPrivateAddresses: false })
    expect(await sink.check(never)).toMatchObject({ code: 'addressNotAllowed' })
    expect(server().requests).toEqual([])
  })

  test('that resolves to 127.0.0.1 is connected to where private addresses are allowed', async () => {
    const { port } = new URL(server().origin)
    const sink = cloudEvents({
      url: `https://siem.example:${port}/hooks`,
      allowedHosts: ['siem.example'],
      lookup: resolvesTo('127.0.0.1'),
    })
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'delivered' })
    expect(server().requests[0]?.headers.host).toBe(`siem.example:${port}`)
  })

  const answersOf = (resolve: LookupFunction, all: boolean) =>
    new Promise<readonly [string | undefined, string | LookupAddress[], number | undefined]>((done) => {
      guardedLookup(resolve)('siem.example', { all }, (error, address, family) =>
        done([error?.code, address, family]),
      )
    })

  test('the connector gets exactly the addresses that were checked, in either form it may ask for', async () => {
    const both = resolvesTo('1.1.1.1', '2606:4700::1111')
    expect(await answersOf(both, true)).toEqual([
      undefined,
      [
        { address: '1.1.1.1', family: 4 },
        { address: '2606:4700::1111', family: 6 },
      ],
      undefined,
    ])
    expect(await answersOf(both, false)).toEqual([undefined, '1.1.1.1', 4])
    expect(await answersOf((_, __, callback) => callback(null, '1.1.1.1', 4), true)).toEqual([
      undefined,
      [{ address: '1.1.1.1', family: 4 }],
      undefined,
    ])
    expect(await answersOf((_, __, callback) => callback(null, '10.0.0.1', 4), false)).toEqual([
      'ERR_ADDRESS_NOT_ALLOWED',
      '',
      undefined,
    ])
  })

  test('a resolver that fails is reported as what it is', async () => {
    const failing: LookupFunction = (_, __, callback) =>
      callback(Object.assign(new Error('no'), { code: 'EAI_AGAIN' }), [])
    const sink = cloudEvents({ allowPrivateAddresses: false, lookup: failing })
    expect(await sink.check(never)).toMatchObject({ code: 'nameNotResolved', scope: 'sink' })
  })
})

describe('a URL', () => {
  test.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fe80::1]/',
    'https://169.254.169.254/metadata',
  ])('%s names a forbidden address and is not connected to', async (url) => {
    const sink = webhook({ url, allowPrivateAddresses: false })
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({
      status: 'failed',
      fault: { code: 'addressNotAllowed', scope: 'sink' },
    })
    expect(await sink.check(never)).toMatchObject({ code: 'addressNotAllowed' })
  })

  test('of plain http is not sent to', () => {
    expect(urlFault(webhookOptions({ url: 'http://siem.example/' }))).toMatchObject({
      code: 'addressNotAllowed',
    })
  })

  test('has to name an allowed host, however it is written', () => {
    const url = 'https://SIEM.example/hooks?key=secret'
    expect(urlFault(webhookOptions({ url, allowedHosts: ['Siem.Example'] }))).toBeUndefined()
    expect(urlFault(webhookOptions({ url: 'https://[2a00::1]/', allowedHosts: ['2a00::1'] }))).toBeUndefined()
    const fault = urlFault(webhookOptions({ url, allowedHosts: ['other.example', 'example'] }))
    expect(fault).toMatchObject({ code: 'addressNotAllowed', scope: 'sink' })
    expect(JSON.stringify(fault)).not.toContain('secret')
  })
})

test('a redirect to another server is not followed', async () => {
  server().always(redirect(302, 'https://169.254.169.254/metadata'))
  const sink = cloudEvents()
  expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ fault: { code: 'redirected' } })
  expect(server().requests).toHaveLength(1)
})
