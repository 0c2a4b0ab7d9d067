import { instant } from '../../../../shared/domain/identifiers.ts'
import type { Message } from '../../../../shared/domain/position.ts'

/** An in-memory event hub with the host's checkpoints. */
export interface ModelHub {
  readonly partitions: readonly string[]
  /** Everything ever sent, across re-creations. */
  readonly sent: readonly Message[]
  send(partition: string, body: Uint8Array): void
  /** At most `count` messages from the checkpoint on. */
  batch(partition: string, count: number): readonly Message[]
  /** Moves the checkpoint past these messages. */
  checkpoint(batch: readonly Message[]): void
  rewind(partition: string, count: number): void
  isRead(): boolean
  /** Restarts sequence numbers and drops checkpoints; time continues. */
  recreate(): void
}

interface Partition {
  messages: Message[]
  next: number
}

/** Namespace and hub of the partitions. */
export const STREAM = { namespace: 'risk.servicebus.windows.net', hub: 'entra-risk' } as const

export function modelHub(names: readonly string[], now: () => number): ModelHub {
  const all: Message[] = []
  const byName = new Map<string, Partition>(names.map((name) => [name, { messages: [], next: 0 }]))
  const at = (name: string): Partition => {
    const partition = byName.get(name)
    if (partition === undefined) throw new Error(`There is no partition ${name}.`)
    return partition
  }
  return {
    partitions: names,
    sent: all,
    send(name, body) {
      const { messages } = at(name)
      const sequenceNumber = messages.length
      const message = {
        body,
        position: {
          ...STREAM,
          partition: name,
          sequenceNumber,
          offset: String(sequenceNumber * 512),
          enqueuedAt: instant(now()),
        },
      }
      messages.push(message)
      all.push(message)
    },
    batch(name, count) {
      const { messages, next } = at(name)
      return messages.slice(next, next + count)
    },
    checkpoint(batch) {
      const last = batch.at(-1)
      if (last === undefined) return
      const partition = at(last.position.partition)
      partition.next = last.position.sequenceNumber + 1
    },
    rewind(name, count) {
      const partition = at(name)
      partition.next = Math.max(0, partition.next - count)
    },
    isRead: () => [...byName.values()].every(({ messages, next }) => next === messages.length),
    recreate() {
      for (const partition of byName.values()) {
        partition.messages = []
        partition.next = 0
      }
    },
  }
}
