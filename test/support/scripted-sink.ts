import type { DeliveryOutcome, Encoded, Sink } from '../../shared/delivery/sink.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import type { Fault } from '../../shared/domain/fault.ts'
import { InvariantError } from '../../shared/domain/invariant-error.ts'

interface Handed extends Encoded {
  readonly bytes: number
}

/** A sink whose world is a function: what it answers, and what it keeps. */
export interface ScriptedSink extends Sink<Handed> {
  /** Event ids in the order in which they were taken. */
  readonly taken: readonly string[]
  /** Ids of each request. */
  readonly requests: readonly (readonly string[])[]
}

export interface ScriptedSinkOptions {
  readonly name?: string
  readonly maxEvents?: number
  readonly maxBytes?: number
  readonly bytesOf?: (archived: ArchivedEvent) => number
  readonly unfit?: (archived: ArchivedEvent) => Fault | undefined
  /** Answers a request; `undefined`: takes it. */
  readonly answer?: (ids: readonly string[], request: number) => DeliveryOutcome | undefined
}

const statusOf = (outcome: DeliveryOutcome): { readonly status?: number } => {
  if (outcome.status !== 'failed') return { status: 204 }
  return outcome.fault.status === undefined ? {} : { status: outcome.fault.status }
}

export function scriptedSink(options: ScriptedSinkOptions = {}): ScriptedSink {
  const sinkName = options.name ?? 'scripted'
  const taken: string[] = []
  const requests: string[][] = []
  return {
    name: sinkName,
    limits: { maxEvents: options.maxEvents ?? 10, maxBytes: options.maxBytes ?? 1_000_000 },
    taken,
    requests,
    encode: (archived) =>
      options.unfit?.(archived) ?? {
        eventId: archived.event.eventId,
        bytes: options.bytesOf?.(archived) ?? 100,
      },
    sizeOf: (batch) => batch.reduce((sum, e) => sum + e.bytes, 0),
    async deliver(batch) {
      const ids = batch.map((e) => e.eventId)
      if (new Set(ids).size !== ids.length || ids.length === 0)
        throw new InvariantError('a batch that is empty, or holds an event twice')
      requests.push(ids)
      const outcome = options.answer?.(ids, requests.length) ?? { status: 'delivered' }
      if (outcome.status === 'delivered') taken.push(...ids)
      if (outcome.status === 'partial') taken.push(...ids.filter((id) => !outcome.failed.has(id)))
      const request = { id: `${sinkName}-request-${requests.length}`, ...statusOf(outcome) }
      return { requests: [request], ...outcome }
    },
    check: async () => undefined,
  }
}
