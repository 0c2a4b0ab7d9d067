import type { Doorbell, Outbox } from '../delivery/outbox.ts'

/**
 * Rings for every page that owes something and that nobody holds: makes up for doorbell messages that were lost or are held by a process
 * that died.
 */
export async function sweep(outbox: Outbox, doorbell: Doorbell): Promise<void> {
  for (const { page, attended } of await outbox.owing()) {
    if (!attended) await doorbell.ring(page, 0)
  }
}
