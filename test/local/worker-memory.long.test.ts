import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { ask, startChild } from '../../local/checks/bench/child.ts'
import type { BenchCounts, ReceiversMessage } from '../../local/checks/bench/counts.ts'
import { recordText } from '../../local/checks/chaos/records.ts'
import { parseHostJson } from '../../local/emulators/functions-host/parse-host-json.ts'
import { bundledScript } from '../support/bundled-script.ts'

/** What docs/operations.md says of the worker on an instance of 2,048 MB. */
const MAX_MB = 700
const PARTITIONS = 4
const MESSAGE_BYTES = 1_000_000
const { maxEventBatchSize } = parseHostJson(readFileSync('host.json', 'utf8')).eventHubs

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

let records = 0
function largeMessage(): Buffer {
  const texts: string[] = []
  for (let bytes = 0; bytes < MESSAGE_BYTES; ) {
    const record = recordText(records).replace('Workload', `Workload ${'x'.repeat(3_000)}`)
    records++
    texts.push(record)
    bytes += record.length + 1
  }
  return Buffer.from(`{"records":[${texts.join(',')}]}`)
}

/** One invocation's batch, as one message of a stream. */
function* frameOf(partition: number): Generator<Buffer> {
  const bodies = Array.from({ length: maxEventBatchSize }, largeMessage)
  yield u32(bodies.reduce((sum, body) => sum + 4 + body.byteLength, 4))
  yield u32(partition)
  for (const body of bodies) {
    yield u32(body.byteLength)
    yield body
  }
}

it(`a worker that is handed full batches of the largest messages on ${PARTITIONS} partitions at once stays under ${MAX_MB} MB`, async () => {
  const receivers = startChild('receivers')
  try {
    const { environment } = await ask<Extract<ReceiversMessage, { kind: 'listening' }>>(receivers)
    const script = await bundledScript('whole-batches')
    const worker = spawn(process.execPath, [script], {
      env: { PATH: process.env['PATH'], ...environment, DELIVERY_TIMEOUT_MS: '10000' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const said = text(worker.stdout)
    for (let partition = 0; partition < PARTITIONS; partition++) {
      for (const piece of frameOf(partition))
        if (!worker.stdin.write(piece)) await once(worker.stdin, 'drain')
    }
    worker.stdin.end()
    const figures = JSON.parse(await said) as { settled: number; peakMb: number }
    const { counts } = await ask<{ readonly counts: BenchCounts }>(receivers, { kind: 'count' })
    expect(figures.settled).toBe(PARTITIONS)
    expect(Object.values(counts).map(({ distinct }) => distinct)).toEqual([records, records, records])
    expect(figures.peakMb).toBeLessThan(MAX_MB)
    // A batch that is not held whole would be no measure.
    expect(figures.peakMb).toBeGreaterThan((PARTITIONS * maxEventBatchSize * MESSAGE_BYTES) / 2 ** 20)
  } finally {
    receivers.disconnect()
  }
}, 180_000)
