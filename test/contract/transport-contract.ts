import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { createLocalAuthority, LOCAL_HOSTS } from '../../local/emulators/tls/local-authority.ts'
import type { Encoded } from '../../shared/delivery/sink.ts'
import { redirect, status } from '../support/scripted-answer.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import { rawReceiver } from './raw-receiver.ts'
import { faultOf, type SinkFixture, smallBatch, soundFault } from './sink-fixture.ts'
import { CONTRACT_NOW_MS } from './sink-subject.ts'

/** What is no HTTP, or none that anybody takes. */
const NO_HTTP = {
  'an SSH server': 'SSH-2.0-OpenSSH_9.6\r\n',
  'a mail server': '220 mail ready\r\n',
  'an HTTP/2 preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'an HTTP/2 frame': '\0\0\x12\x04\0\0\0\0\0',
  'a page without a head': '<html>hello</html>',
  'a version that does not exist': 'HTTP/9.7 200 OK\r\ncontent-length: 0\r\n\r\n',
  'a status in dead letters': 'HTTP/1.1 fine\r\n\r\n',
  'a status under 100': 'HTTP/1.1 099 Hm\r\ncontent-length: 0\r\n\r\n',
  'a header that is none': 'HTTP/1.1 200 OK\r\nno header\r\n\r\n',
  'a negative length': 'HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n',
  'two lengths': 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok!',
  'a length and chunks':
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  'a head of 200 kB': `HTTP/1.1 200 OK\r\nx-long: ${'y'.repeat(200_000)}\r\n\r\n`,
} as const

/** What breaks off before it has said anything. */
const CUT_OFF = {
  'says nothing': '',
  'stops in its first line': 'HTTP/1.1 200 O',
  'stops in its head': 'HTTP/1.1 200 OK\r\ncontent-le',
  'says to go on, and no more': 'HTTP/1.1 100 Continue\r\n\r\n',
} as const

/** The most that anybody waits for. */
const HOUR_MS = 3_600_000

const RETRY_AFTER: readonly (readonly [string | string[], number | undefined])[] = [
  ['7', 7_000],
  [' 7 ', 7_000],
  ['0', 0],
  ['1.5', 1_500],
  ['0.0001', 1],
  ['86400', HOUR_MS],
  ['99999999999999999999', HOUR_MS],
  ['9'.repeat(400), HOUR_MS],
  [new Date(CONTRACT_NOW_MS + 90_000).toUTCString(), 90_000],
  [new Date(CONTRACT_NOW_MS - 90_000).toUTCString(), 0],
  ['Fri, 31 Dec 9999 23:59:59 GMT', HOUR_MS],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['Sunday, 01-Mar-26 12:01:30 GMT', 90_000],
  ['Sun Mar  1 12:01:30 2026', 90_000],
  ['soon', undefined],
  ['', undefined],
  ['-5', undefined],
  ['+5', undefined],
  ['1e3', undefined],
  ['Infinity', undefined],
  ['NaN', undefined],
  ['Sun, 32 Mar 2026 99:99:99 GMT', undefined],
  ['2026-03-01T12:01:30Z', undefined],
  // Several headers: the first that says something.
  [['5', '999999'], 5_000],
]

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** What is up to the client of HTTP, whatever the receiver's protocol is. */
export function transportContract<E extends Encoded>(fixture: SinkFixture<E>): void {
  const { server, untouched } = fixture
  const { deliverTo, toOneThatSays } = rawReceiver(fixture)

  test.each(Object.entries(NO_HTTP))('what answers with %s needs an operator', async (_, bytes) => {
    const fault = faultOf(await toOneThatSays(bytes, deliverTo))
    expect(fault).toMatchObject({ code: 'answerUnexpected', scope: 'sink' })
  })

  test.each(Object.entries(NO_HTTP))('a check of %s says the same', async (_, bytes) => {
    const check = async (origin: string) => (await fixture.sink({ origin })).check(untouched)
    expect(soundFault(await toOneThatSays(bytes, check))).toMatchObject({ code: 'answerUnexpected' })
  })

  test.each(Object.entries(CUT_OFF))('what %s is left for now', async (_, bytes) => {
    expect(faultOf(await toOneThatSays(bytes, deliverTo)).scope).toBe('transient')
  })

  test.each(RETRY_AFTER)('Retry-After %j asks for %s ms', async (header, retryAfterMs) => {
    for (const code of [429, 503]) {
      server().always(status(code, { 'retry-after': header }))
      expect(faultOf(await deliverTo(server().origin)).retryAfterMs).toBe(retryAfterMs)
    }
  })

  test.each([301, 302, 303, 307, 308])('%i is a fault, and the second URL is not visited', async (code) => {
    server().always(redirect(code, `${server().origin}/second`))
    expect(faultOf(await deliverTo(server().origin))).toMatchObject({
      code: 'redirected',
      scope: 'sink',
      status: code,
    })
    expect(server().requests.map(({ path }) => path)).not.toContain('/second')
    expect(server().requests).toHaveLength(1)
  })

  test('a receiver that refuses the connection is unreachable for now', async () => {
    const sink = await fixture.sink({ origin: `https://localhost:${await closedPort()}` })
    const fault = faultOf(await sink.deliver(smallBatch(sink), untouched))
    expect(fault).toMatchObject({ code: 'unreachable', scope: 'transient' })
  })

  test('a host name that does not exist needs an operator', async () => {
    const sink = await fixture.sink({ origin: 'https://receiver.invalid' })
    const fault = faultOf(await sink.deliver(smallBatch(sink), untouched))
    expect(fault).toMatchObject({ code: 'nameNotResolved', scope: 'sink' })
  })

  test.each([
    ['of another authority', 'Another CA', LOCAL_HOSTS],
    ['of another host', undefined, ['siem.example']],
  ] as const)('a certificate %s needs an operator', async (_, authorityName, hosts) => {
    const trusted = await createLocalAuthority()
    const issuer = authorityName === undefined ? trusted : await createLocalAuthority(authorityName)
    const impostor = await startScriptedServer(await issuer.issue(hosts))
    try {
      const sink = await fixture.sink({ origin: impostor.origin, caPem: trusted.caPem })
      const fault = faultOf(await sink.deliver(smallBatch(sink), untouched))
      expect(fault).toMatchObject({ code: 'certificateRejected', scope: 'sink' })
      expect(impostor.requests, 'nothing is sent to an impostor').toEqual([])
    } finally {
      await impostor.stop()
    }
  })

  test('a receiver that does not speak TLS is a fault', async () => {
    const plain = createServer((socket) => socket.on('error', () => undefined).end('220 mail ready\r\n'))
    plain.listen(0, '127.0.0.1')
    await once(plain, 'listening')
    const sink = await fixture.sink({ origin: `https://localhost:${(plain.address() as AddressInfo).port}` })
    expect(['transient', 'sink']).toContain(faultOf(await sink.deliver(smallBatch(sink), untouched)).scope)
    plain.close()
  })
}
