import { expect, test } from 'vitest'
import { smallBatch } from '../../contract/sink-fixture.ts'
import { status } from '../../support/scripted-answer.ts'
import { receiver } from './receiver.ts'
import { never } from './webhook-under-test.ts'

const { server, cloudEvents } = receiver()

// What web frameworks say by default, and receivers in earnest.
test.each([
  ['nothing, called HTML', { 'content-type': 'text/html; charset=utf-8' }, ''],
  ['ok, called HTML', { 'content-type': 'text/html' }, 'ok'],
  ['ok', { 'content-type': 'text/plain' }, 'ok'],
  ['ok, called nothing', {}, 'ok'],
  ['JSON', { 'content-type': 'application/json' }, '{"ok":true,"html":"<html></html>"}'],
  ['JSON of many events', { 'content-type': 'application/json' }, `[${'{"ok":true},'.repeat(9_000)}{}]`],
  ['XML', { 'content-type': 'application/xml' }, '<?xml version="1.0"?><ack><id>1</id></ack>'],
  ['an angle bracket', {}, '<'],
  ['bytes', { 'content-type': 'application/octet-stream' }, '\0\x01\x02\x03'],
])('%s with a status 200 is an acknowledgement', async (_, headers, body) => {
  server().always(status(200, headers, body))
  const sink = cloudEvents()
  expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'delivered' })
})

test.each(['', 'ok', '{"ok":true}', '<ack/>'])(
  'deliveries that are answered with "%s" share one connection',
  async (body) => {
    server().always(status(200, {}, body))
    const before = server().connections()
    await using sink = cloudEvents()
    for (let n = 0; n < 5; n++) {
      expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'delivered' })
    }
    expect(server().connections() - before).toBe(1)
  },
)

test('a page is reported by a check too: what stands before the receiver takes no events either', async () => {
  server().always(status(200, { 'content-type': 'text/html' }, '<html>Sign in</html>'))
  expect(await cloudEvents().check(never)).toMatchObject({ code: 'answerUnexpected', scope: 'sink' })
})

test('the page of a refusal is not looked at', async () => {
  server().always(status(403, { 'content-type': 'text/html' }, '<html>Forbidden</html>'))
  const sink = cloudEvents()
  expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ fault: { code: 'unauthorized' } })
})
