import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { FeedMessage } from '../../stack/feed/feed-message.ts'
import { HUB } from '../../stack/names.ts'
import type { Stack } from '../../stack/stack.ts'
import { keepBlobs } from './keep.ts'
import { sendFeed } from './send-feed.ts'
import { isSettled } from './settled.ts'
import type { Stores } from './stores.ts'

const POLL_MS = 100

export interface FeedRun {
  readonly stack: Stack
  readonly stores: Stores
  readonly nowMs: () => number
  readonly messages: readonly FeedMessage[]
  readonly timeoutMs: number
  /** Called with the progress. */
  readonly onProgress: (text: string) => void
}

/** Sends a feed and waits until the program has processed it; `false` on timeout. */
export async function runFeed({
  stack,
  stores,
  messages,
  timeoutMs,
  nowMs,
  onProgress,
}: FeedRun): Promise<boolean> {
  const deadlineMs = nowMs() + timeoutMs
  const { checkpoints, outbox } = stores
  const late = AbortSignal.timeout(timeoutMs)
  const show = (sent: number): void => onProgress(`sent ${sent} of ${messages.length} messages`)
  await sendFeed(stack.hub.connectionString(HUB), messages, show, late)
  if (late.aborted) return false
  const last = new Map(
    stack.hub
      .partitionState(HUB)
      .filter((p) => !p.isEmpty)
      .map((p) => [p.partition, p.lastSequenceNumber]),
  )
  while (!(await isSettled(last, checkpoints, outbox))) {
    if (nowMs() >= deadlineMs) return false
    onProgress(
      `${stack.ingestion.received()} rows in Log Analytics, ${stack.siem.received()} events at the webhook`,
    )
    await wait(POLL_MS)
  }
  return true
}

/**
 * Copies all data to a folder: `archive/…`, `evidence/…`, `log-analytics/<table>.ndjson`, `webhook/<n>.body`,
 * `deadletters/…`.
 */
export async function keepEverything(stack: Stack, stores: Stores, folder: string): Promise<void> {
  const { archive, deadLetters, log, fixedLog } = stores
  await keepBlobs(archive, join(folder, 'archive'))
  await keepBlobs(log, join(folder, 'evidence'))
  await keepBlobs(fixedLog, join(folder, 'evidence'))
  await keepBlobs(deadLetters, join(folder, 'deadletters'))
  for (const sink of ['log-analytics', 'webhook']) {
    await cp(join(stack.directory, sink), join(folder, sink), { recursive: true, force: true }).catch(
      () => undefined,
    )
  }
}
