import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { smallBatch } from '../../contract/sink-fixture.ts'
import { startRawServer } from '../../support/raw-tls-server.ts'
import { hang } from '../../support/scripted-answer.ts'
import { receiver } from './receiver.ts'
import { never } from './webhook-under-test.ts'

const { server, certificate, cloudEvents } = receiver()

/** A forward proxy: tunnels to the scripted server whatever name it is asked for, or refuses. */
async function startProxy(
  refusal?: number,
  says = `HTTP/1.1 ${refusal} No\r\ncontent-length: 0\r\n\r\n`,
  upstreamPort?: number,
) {
  const asked: { readonly target: string; readonly authorization: string | undefined }[] = []
  const sockets = new Set<Socket>()
  const proxy: Server = createServer()
  proxy.on('connect', (request, socket: Socket, head: Buffer) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] })
    socket.on('error', () => undefined)
    if (refusal !== undefined) {
      socket.end(says)
      return
    }
    const upstream = connect(upstreamPort ?? Number(new URL(server().origin).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => undefined)
    for (const s of [socket, upstream]) sockets.add(s)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const stop = async () => {
    for (const s of sockets) s.destroy()
    proxy.close()
    await once(proxy, 'close')
  }
  stops.push(stop)
  return { host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked }
}

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

describe('behind a proxy', () => {
  const siem = {
    url: 'https://siem.example/hooks',
    allowedHosts: ['siem.example'],
    allowPrivateAddresses: false,
  }

  test('the name is left to the proxy, TLS goes through to the receiver', async () => {
    const proxy = await startProxy()
    await using sink = cloudEvents({ ...siem, proxyUrl: `http://user:pass%20word@${proxy.host}` })
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'delivered' })
    expect(await sink.check(never)).toBeUndefined()
    expect(server().requests.map(({ method }) => method)).toEqual(['POST', 'OPTIONS'])
    expect(server().requests[0]?.headers['proxy-authorization']).toBeUndefined()
    expect(proxy.asked[0]).toEqual({
      target: 'siem.example:443',
      authorization: `Basic ${Buffer.from('user:pass word').toString('base64')}`,
    })
  })

  test('the host has to be allowed by name', async () => {
    const proxy = await startProxy()
    await using sink = cloudEvents({ ...siem, allowedHosts: [], proxyUrl: `http://${proxy.host}` })
    expect(await sink.check(never)).toMatchObject({ code: 'addressNotAllowed', scope: 'sink' })
    expect(proxy.asked).toEqual([])
  })

  test.each([
    [403, 'sink'],
    [407, 'sink'],
    [502, 'transient'],
  ])('a proxy that answers %i is a fault of scope %s', async (code, scope) => {
    const proxy = await startProxy(code)
    await using sink = cloudEvents({ ...siem, proxyUrl: `http://user:secret@${proxy.host}` })
    const outcome = await sink.deliver(smallBatch(sink), never)
    expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'unreachable', scope } })
    expect(JSON.stringify(outcome)).not.toContain('user')
    expect(JSON.stringify(outcome)).not.toContain('secret')
  })

  test('a proxy that does not speak HTTP needs an operator', async () => {
    const proxy = await startProxy(200, 'SSH-2.0-OpenSSH_9.6\r\n')
    await using sink = cloudEvents({ ...siem, proxyUrl: `http://${proxy.host}` })
    const outcome = await sink.deliver(smallBatch(sink), never)
    expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'answerUnexpected', scope: 'sink' } })
    expect(JSON.stringify(outcome)).toContain('WEBHOOK_PROXY_URL')
  })

  test('a receiver that does not speak HTTP needs an operator behind a proxy too', async () => {
    const raw = await startRawServer(certificate(), '220 mail ready\r\n')
    stops.push(() => raw.stop())
    const proxy = await startProxy(undefined, '', Number(new URL(raw.origin).port))
    await using sink = cloudEvents({ ...siem, proxyUrl: `http://${proxy.host}` })
    expect(await sink.check(never)).toMatchObject({ code: 'answerUnexpected', scope: 'sink' })
  })

  test('a receiver whose certificate is not trusted is not sent to through the proxy either', async () => {
    const proxy = await startProxy()
    await using sink = cloudEvents({ ...siem, caPem: undefined, proxyUrl: `http://${proxy.host}` })
    expect(await sink.check(never)).toMatchObject({ code: 'certificateRejected', scope: 'sink' })
    expect(server().requests).toEqual([])
  })
})

test('without an authority of its own the receiver has to have a public certificate', async () => {
  const sink = cloudEvents({ caPem: undefined })
  expect(await sink.check(never)).toMatchObject({ code: 'certificateRejected' })
})

test('the query of the URL is sent, and said to nobody', async () => {
  const sink = cloudEvents({ url: `${server().origin}/hooks?key=abc` })
  expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({ status: 'delivered' })
  expect(server().requests[0]?.path).toBe('/hooks?key=abc')
})

test('a sink that is closed lets go of what is in flight, and closing it unused is nothing', async () => {
  server().always(hang())
  const sink = cloudEvents()
  const delivery = sink.deliver(smallBatch(sink), never)
  await server().received(1)
  await sink.close()
  expect(await delivery).toMatchObject({ fault: { code: 'unreachable', scope: 'transient' } })
  await cloudEvents().close()
})
