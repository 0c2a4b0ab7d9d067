import type { OutboxPage } from './outbox.ts'

const PARTS = ['sink', 'namespace', 'hub', 'partition'] as const

/**
 * The page that a doorbell message names, or `undefined` for a message that is none of ours.
 * @param message as the queue trigger hands it over: parsed where it was JSON, else a text
 */
export function parseRing(message: unknown): OutboxPage | undefined {
  if (typeof message !== 'object' || message === null || !('outboxPage' in message)) return undefined
  const page = message.outboxPage
  if (typeof page !== 'object' || page === null) return undefined
  const parts = page as Readonly<Record<string, unknown>>
  const [sink, namespace, hub, partition] = PARTS.map((p) => parts[p])
  if (typeof sink !== 'string' || typeof namespace !== 'string') return undefined
  if (typeof hub !== 'string' || typeof partition !== 'string') return undefined
  return { sink, namespace, hub, partition }
}
