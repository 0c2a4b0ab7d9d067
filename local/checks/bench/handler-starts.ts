import { once } from 'node:events'
import { MESSAGES_PER_BATCH, RECORDS_PER_MESSAGE } from './bench-batches.ts'
import { ask, startChild } from './child.ts'
import type { BenchCounts, HandlerReady } from './counts.ts'
import type { StartFigures } from './handler-figures.ts'
import { DELIVERY_TIMEOUT_MS, type Listening, type ReceiversCounts } from './handler-session.ts'
import { median } from './median.ts'

/** The host opens its listener before it has a batch: partitions are claimed, connections made. */
const LISTENER_MS = 1000

/** What starting the handler takes: medians of some starts, and what its destinations hold then. */
export interface Starts {
  readonly figures: StartFigures
  readonly counts: BenchCounts
  readonly recordsIn: number
}

/**
 * Starts the handler in one new process after another, each of which gets the same first batch; the
 * receivers run already and have been used once, as any destination.
 * @param execPath the Node.js that the handler runs on
 */
export async function benchStarts(
  starts: number,
  show: (text: string) => void,
  execPath: string,
): Promise<Starts> {
  const receivers = startChild('receivers')
  const { environment } = await ask<Listening>(receivers)
  const start = async (firstBatchAfterMs: number): Promise<HandlerReady> => {
    const settings = { DELIVERY_TIMEOUT_MS, FIRST_BATCH_AFTER_MS: String(firstBatchAfterMs) }
    const handler = startChild('handler', { ...environment, ...settings }, execPath)
    const ready = await ask<HandlerReady>(handler)
    const exited = once(handler, 'exit')
    handler.disconnect()
    await exited
    return ready
  }
  try {
    await start(0)
    const atOnce: HandlerReady[] = []
    const afterPause: HandlerReady[] = []
    for (let n = 1; n <= starts; n++) {
      show(`start ${n} of ${starts}…`)
      atOnce.push(await start(0))
      afterPause.push(await start(LISTENER_MS))
    }
    const { counts } = await ask<ReceiversCounts>(receivers, { kind: 'count' })
    return {
      figures: {
        coldLoadMs: Math.round(median(atOnce.map((s) => s.coldLoadMs)) * 10) / 10,
        firstBatchMs: Math.round(median(atOnce.map((s) => s.firstBatchMs))),
        firstBatchAfterPauseMs: Math.round(median(afterPause.map((s) => s.firstBatchMs))),
      },
      counts,
      recordsIn: MESSAGES_PER_BATCH * RECORDS_PER_MESSAGE,
    }
  } finally {
    receivers.disconnect()
  }
}
