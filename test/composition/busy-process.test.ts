import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLocalAuthority, LOCAL_HOSTS } from '../../local/emulators/tls/local-authority.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { webhookSink } from '../../shared/sinks/webhook/sink.ts'
import { webhookOptions } from '../sinks/webhook/webhook-under-test.ts'
import { archived, detection } from '../support/archived-events.ts'

/** A receiver on a thread of its own, which answers in a moment however busy this one is. */
const RECEIVER = `
const { parentPort, workerData } = require('node:worker_threads')
const server = require('node:https').createServer(workerData, (request, response) => {
  request.resume().on('end', () => {
    parentPort.postMessage('request')
    setTimeout(() => response.writeHead(204).end(), 20)
  })
})
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`
const TIMEOUT_MS = 1000

let receiver: Worker
let url = ''
let caPem = ''
beforeAll(async () => {
  const authority = await createLocalAuthority()
  const { keyPem, certPem } = await authority.issue(LOCAL_HOSTS)
  caPem = authority.caPem
  receiver = new Worker(RECEIVER, { eval: true, workerData: { key: keyPem, cert: certPem } })
  const [port] = await once(receiver, 'message')
  url = `https://localhost:${String(port)}/`
})
afterAll(() => receiver.terminate())

const busyFor = (ms: number): void => {
  const until = performance.now() + ms
  while (performance.now() < until);
}

it('an answer that came while this process was busy beyond the timeout counts as an answer', async () => {
  await using sink = webhookSink(webhookOptions({ url, caPem, maxEvents: 10, nowMs: () => Date.now() }))
  const encoded = sink.encode(archived(detection('a')))
  if ('scope' in encoded) throw new Error(encoded.code)
  // Connects, so that nothing but the answer is waited for below.
  const first = once(receiver, 'message')
  expect(await sink.deliver([encoded], systemTime.limit(5000).signal)).toMatchObject({ status: 'delivered' })
  await first
  const delivering = sink.deliver([encoded], systemTime.limit(TIMEOUT_MS).signal)
  await once(receiver, 'message')
  busyFor(TIMEOUT_MS + 200)
  expect(await delivering).toMatchObject({ status: 'delivered' })
})
