import { type Instant, instant } from '../domain/identifiers.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import type { Message } from '../domain/position.ts'
import { parseAzureTime } from './parse-azure-time.ts'

type Fields = Readonly<Record<string, unknown>>

const fields = (value: unknown, name: string): Fields => {
  if (typeof value === 'object' && value !== null) return value as Fields
  throw new InvariantError(`the Event Hub trigger gave no ${name}`)
}

const list = (value: unknown, name: string): readonly unknown[] => {
  if (Array.isArray(value)) return value
  throw new InvariantError(`the Event Hub trigger gave no ${name}`)
}

const text = (value: unknown, name: string): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw new InvariantError(`the Event Hub trigger gave no ${name}`)
}

/** A 64-bit number: as such, as text, or as the two halves that gRPC makes of it where the worker finds `long`. */
function sequenceNumber(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value)
  const { low, high } = fields(value, 'sequenceNumber')
  if (typeof low === 'number' && typeof high === 'number') return high * 2 ** 32 + (low >>> 0)
  throw new InvariantError('the Event Hub trigger gave no sequenceNumber')
}

function enqueuedAt(value: unknown): Instant {
  // The host formats a DateTime of kind "unspecified": UTC, and without saying so.
  const at = typeof value === 'string' ? parseAzureTime(value) : undefined
  return at ?? invalidTime()
}

const invalidTime = (): never => {
  throw new InvariantError('the Event Hub trigger gave no enqueuedTimeUtc')
}

function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new InvariantError('the Event Hub trigger gave a body that is not binary: dataType must be binary')
}

/**
 * The messages of one invocation, with their positions.
 * @param bodies what the trigger hands over: one buffer a message (`cardinality: 'many'`, `dataType: 'binary'`)
 * @param metadata its metadata; `systemPropertiesArray` is the one list that stays aligned with the bodies
 * @throws InvariantError when the host does not keep to that
 */
export function parseTrigger(bodies: unknown, metadata: unknown): readonly Message[] {
  const all = fields(metadata, 'metadata')
  const partition = fields(all['partitionContext'], 'partitionContext')
  const system = list(all['systemPropertiesArray'], 'systemPropertiesArray')
  const sequence = Array.isArray(all['sequenceNumberArray']) ? all['sequenceNumberArray'] : []
  const place = {
    namespace: text(partition['fullyQualifiedNamespace'], 'fullyQualifiedNamespace'),
    hub: text(partition['eventHubName'], 'eventHubName'),
    partition: text(partition['partitionId'], 'partitionId'),
  }
  const messages = list(bodies, 'bodies')
  if (messages.length !== system.length)
    throw new InvariantError('the Event Hub trigger gave bodies and metadata of different length')
  return messages.map((body, i) => {
    const own = fields(system[i], 'systemProperties')
    return {
      position: {
        ...place,
        sequenceNumber: sequenceNumber(own['sequenceNumber'] ?? sequence[i]),
        offset: text(own['offsetString'] ?? own['offset'], 'offset'),
        enqueuedAt: instant(enqueuedAt(own['enqueuedTimeUtc'])),
      },
      body: bytes(body),
    }
  })
}
