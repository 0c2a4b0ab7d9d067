import { resolve } from 'node:path'
import type { HubMessage } from '../../local/emulators/functions-host/event-hub/hub-message.ts'
import { loadFunctionApp } from '../../local/emulators/functions-host/function-app.ts'

/*
 * A process that takes batches as the Functions worker does: each is one message of a stream, put together from its pieces and held whole
 * until its invocation has ended, beside the copies of the bodies that the library makes; partitions run at once. At the end of its
 * input it says how much memory that took.
 * Source: StreamDecoder of @grpc/grpc-js, Reader.bytes of protobufjs (a view), fromRpcTypedData of @azure/functions (a copy)
 */

const environment = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
)

/** The messages of a stream: four bytes of length, then so many bytes. */
async function* framesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of stream) {
    pieces.push(piece)
    bytes += piece.byteLength
    for (;;) {
      if (bytes < 4) break
      if ((pieces[0]?.byteLength ?? 0) < 4) pieces = [Buffer.concat(pieces)]
      const length = (pieces[0]?.readUInt32BE() ?? 0) + 4
      if (bytes < length) break
      const all = Buffer.concat(pieces)
      yield all.subarray(4, length)
      pieces = bytes > length ? [Buffer.from(all.subarray(length))] : []
      bytes -= length
    }
  }
}

/** Partition, then messages, each with its length before it. */
function batchOf(frame: Buffer) {
  const messages: HubMessage[] = []
  for (let at = 4; at < frame.byteLength; ) {
    const length = frame.readUInt32BE(at)
    const sequenceNumber = messages.length
    messages.push({
      body: frame.subarray(at + 4, at + 4 + length),
      sequenceNumber,
      offset: String(sequenceNumber),
      enqueuedAtMs: Date.UTC(2026, 2, 1, 9) + sequenceNumber,
    })
    at += 4 + length
  }
  return { partitionId: String(frame.readUInt32BE()), messages }
}

async function main(): Promise<void> {
  const app = await loadFunctionApp({ appDirectory: resolve('.'), environment, log: () => undefined })
  const loadedMb = Math.round(process.memoryUsage.rss() / 2 ** 20)
  const running: Promise<boolean>[] = []
  for await (const frame of framesOf(process.stdin))
    running.push(app.invokeEventHub('ingest', batchOf(frame)).then(({ ok }) => ok))
  const settled = (await Promise.all(running)).filter(Boolean).length
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(JSON.stringify({ batches: running.length, settled, loadedMb, peakMb }))
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(String(error))
    process.exit(1)
  },
)
