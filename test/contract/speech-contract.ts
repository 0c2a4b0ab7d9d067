import { expect, test } from 'vitest'
import type { Encoded } from '../../shared/delivery/sink.ts'
import { status } from '../support/scripted-answer.ts'
import { rawReceiver } from './raw-receiver.ts'
import { faultOf, type SinkFixture } from './sink-fixture.ts'

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
  const { server, traits } = fixture
  const { deliverTo, toOneThatSays } = rawReceiver(fixture)

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
