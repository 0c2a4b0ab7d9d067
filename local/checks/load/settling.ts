import { setTimeout as wait } from 'node:timers/promises'
import { HUB } from '../../stack/names.ts'
import type { Stack } from '../../stack/stack.ts'
import { isSettled } from '../once/settled.ts'
import type { Stores } from '../once/stores.ts'

const POLL_MS = 100
const SETTLE_MS = 90_000

/**
 * Waits until the program has processed everything sent and nothing is pending.
 * @throws Error if that does not happen
 */
export async function untilSettled(
  { hub }: Pick<Stack, 'hub'>,
  { checkpoints, outbox }: Stores,
  nowMs: () => number,
): Promise<void> {
  const deadlineMs = nowMs() + SETTLE_MS
  const last = new Map(hub.partitionState(HUB).map((p) => [p.partition, p.lastSequenceNumber]))
  while (!(await isSettled(last, checkpoints, outbox))) {
    if (nowMs() > deadlineMs) throw new Error('The program did not settle everything in time.')
    await wait(POLL_MS)
  }
}
