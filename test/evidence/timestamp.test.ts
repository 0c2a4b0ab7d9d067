import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { createDefaultHttpClient } from '@azure/core-rest-pipeline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkpointName, timestampName } from '../../shared/evidence/log-layout.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import { isGranted, timestampAuthority, timestampRequest } from '../../shared/evidence/timestamp.ts'
import { MemoryArchive, MemoryLog, OPTIONS, portsOf } from '../support/evidence-world.ts'
import { OwnTimestampAuthority } from '../support/own-timestamp-authority.ts'

const tsa = new OwnTimestampAuthority()

let server: Server
let url: string
let answer: ((request: Buffer) => { status: number; body: Buffer }) | undefined
beforeAll(async () => {
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request)
    if (request.headers['content-type'] !== 'application/timestamp-query')
      return response.writeHead(415).end()
    const told = answer?.(body)
    if (told !== undefined) return response.writeHead(told.status).end(told.body)
    const reply = tsa.answer(body)
    return response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(reply)
  }
  server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  tsa.remove()
})

let ids = 0
const authority = () => timestampAuthority(url, createDefaultHttpClient(), () => `id ${ids++}`)
const { signal } = new AbortController()

describe('a time stamp of RFC 3161', () => {
  it('lies beside each checkpoint, and openssl alone verifies it', async () => {
    const archive = new MemoryArchive()
    const log = new MemoryLog()
    const { size } = await seal(portsOf(archive, log, { timestamp: authority() }), OPTIONS)
    const checkpoint = log.files.get(checkpointName(size)) as Buffer
    const token = log.files.get(timestampName(size)) as Buffer
    expect(tsa.accepts(token, checkpoint)).toBe(true)
    expect(tsa.accepts(token, Buffer.concat([checkpoint, Buffer.from('\n')]))).toBe(false)
  })

  it('that the authority refuses is reported, and the log goes on', async () => {
    answer = () => ({ status: 503, body: Buffer.alloc(0) })
    const problems: string[] = []
    const log = new MemoryLog()
    const ports = portsOf(new MemoryArchive(), log, {
      timestamp: authority(),
      onProblem: (problem) => problems.push(problem),
    })
    const { size } = await seal(ports, OPTIONS)
    answer = undefined
    expect(problems).toEqual(['timestampMissing'])
    expect(log.files.has(checkpointName(size))).toBe(true)
    expect(log.files.has(timestampName(size))).toBe(false)
  })

  it('is not taken for another content, or for another request', async () => {
    const content = Buffer.from('content')
    const token = await authority()(content, signal)
    answer = () => ({ status: 200, body: token })
    // The same content, asked for again: the nonce differs.
    await expect(authority()(content, signal)).rejects.toMatchObject({ code: 'timestampAnswer' })
    answer = undefined
  })

  it.each([
    ['an error page', Buffer.from('<html>')],
    ['a refusal', Buffer.from('30050303020102', 'hex')],
    ['nothing', Buffer.alloc(0)],
    ['more than any answer', Buffer.alloc(70_000, 0x30)],
  ])('is not taken from %s', async (_, body) => {
    answer = () => ({ status: 200, body })
    await expect(authority()(Buffer.from('content'), signal)).rejects.toMatchObject({
      code: 'timestampAnswer',
    })
    answer = undefined
  })

  it('is asked for as openssl asks', () => {
    const content = Buffer.from('content')
    tsa.write('ours.tsq', timestampRequest(content, Buffer.from('8123456789abcdef', 'hex')))
    const told = tsa.openssl('ts', '-query', '-in', 'ours.tsq', '-text')
    expect(told).toContain('Hash Algorithm: sha256')
    expect(told).toContain('Nonce: 0x8123456789ABCDEF')
    expect(told).toContain('Certificate required: yes')
  })

  it('is never granted by any bytes that do not hold the digest', () => {
    for (const hex of ['', '30', '3000', '3003020100', '30053003020100', '308005'])
      expect(isGranted(Buffer.from(hex, 'hex'), Buffer.from('a'), Buffer.alloc(8, 1)), hex).toBe(false)
  })
})
