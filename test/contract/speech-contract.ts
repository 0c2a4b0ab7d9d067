import { expect, test } from 'vitest'
import type { DeliveryOutcome, Encoded } from '../../shared/delivery/sink.ts'
import { startRawServer } from '../support/raw-tls-server.ts'
import { status } from '../support/scripted-answer.ts'
import { faultOf, type SinkFixture, smallBatch, soundFault } from './sink-fixture.ts'

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

const PAGES: readonly (readonly [string, Record<string, string>, string])[] = [
  ['by its media type', { 'content-type': 'text/html; charset=utf-8' }, '<h1>Sign in</h1>'],
  ['by its beginning', {}, '<!DOCTYPE html>\n<title>Request rejected</title>'],
  ['by its beginning, called JSON', { 'content-type': 'application/json' }, '\n  <html lang="en"></html>'],
  ['behind a remark', {}, '\ufeff<!-- a gateway -->\n<html></html>'],
  ['of XML', { 'content-type': 'application/xhtml+xml' }, '<?xml version="1.0"?><html></html>'],
  ['that is long', { 'content-type': 'text/html' }, `<html>${'<p>blocked</p>'.repeat(50_000)}</html>`],
]

/** Whether what answers is what it should be: delivered is only what its protocol says is. */
export function speechContract<E extends Encoded>(fixture: SinkFixture<E>): void {
  const { server, traits, untouched, issued } = fixture
  const deliverTo = async (origin: string): Promise<DeliveryOutcome> => {
    const sink = await fixture.sink({ origin })
    return sink.deliver(smallBatch(sink), untouched)
  }

  async function toOneThatSays<T>(bytes: string, work: (origin: string) => Promise<T>): Promise<T> {
    const raw = await startRawServer(issued(), bytes)
    try {
      return await work(raw.origin)
    } finally {
      await raw.stop()
    }
  }

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

  /** What a healthy receiver says of the batch that the raw server gets. */
  async function saysWhenDelivered(): Promise<string> {
    const { saysWhenDelivered: says } = traits
    if (typeof says === 'string') return says
    await deliverTo(server().origin)
    return says(String(server().requests[0]?.body))
  }

  test('early hints before the answer change nothing', async () => {
    const body = await saysWhenDelivered()
    const head = `HTTP/1.1 ${traits.delivered[0]} Fine\r\n${body === '' ? '' : `content-length: ${body.length}\r\n`}\r\n`
    const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n'
    expect(await toOneThatSays(`${hints}${head}${body}`, deliverTo)).toMatchObject({ status: 'delivered' })
  })

  test.each(PAGES)('a status 200 with a web page %s is not delivered', async (_, headers, page) => {
    server().always(status(200, headers, page))
    const fault = faultOf(await deliverTo(server().origin))
    expect(fault).toMatchObject({ code: 'answerUnexpected', scope: 'sink', status: 200 })
  })

  test.each(traits.notDelivered)('%i is not what its protocol calls delivered', async (code) => {
    server().always(status(code))
    const fault = faultOf(await deliverTo(server().origin))
    expect(fault).toMatchObject({ code: 'answerUnexpected', scope: 'sink', status: code })
  })
}
