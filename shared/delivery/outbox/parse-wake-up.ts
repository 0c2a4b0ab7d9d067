import { joinKey } from '../../azure/table-key.ts'
import type { OutboxPartition } from './outbox.ts'

/**
 * A table key has at most 1 KiB of UTF-16:
 * https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
const MAX_KEY_CHARACTERS = 512
const PARTS = ['sink', 'namespace', 'hub', 'partition'] as const

/**
 * The outbox partition a wake-up names; `undefined` if the message is not ours.
 * @param message as the queue trigger passes it: parsed if it was JSON, else a string
 */
export function parseWakeUp(message: unknown): OutboxPartition | undefined {
  if (typeof message !== 'object' || message === null || !('outboxPartition' in message)) return undefined
  const outboxPartition = message.outboxPartition
  if (typeof outboxPartition !== 'object' || outboxPartition === null) return undefined
  const parts = outboxPartition as Readonly<Record<string, unknown>>
  const [sink, namespace, hub, partition] = PARTS.map((p) => parts[p])
  if (typeof sink !== 'string' || typeof namespace !== 'string') return undefined
  if (typeof hub !== 'string' || typeof partition !== 'string') return undefined
  return isKey(sink, namespace, hub, partition) ? { sink, namespace, hub, partition } : undefined
}

/** Whether a table key can hold these: bounded, without lone surrogates. */
function isKey(...parts: readonly string[]): boolean {
  return (
    parts.every((part) => Buffer.from(part).toString() === part) &&
    joinKey(...parts).length <= MAX_KEY_CHARACTERS
  )
}
