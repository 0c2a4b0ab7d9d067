import type { Instant } from '../domain/identifiers.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import type { MessageWithoutPosition, TriggerBatch } from '../domain/message-without-position.ts'
import type { Message, Position } from '../domain/position.ts'
import { parseAzureTime } from './parse-azure-time.ts'

type Fields = Readonly<Record<string, unknown>>
type Place = Pick<Position, 'namespace' | 'hub' | 'partition'>

const NONE: Fields = {}
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : NONE

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A list with one element per message; any other cannot be matched to messages and is ignored. */
const aligned = (value: unknown, length: number): readonly unknown[] =>
  Array.isArray(value) && value.length === length ? value : []

const count = (value: number): number | undefined =>
  Number.isSafeInteger(value) && value >= 0 ? value : undefined

/**
 * A 64-bit number: a number, a string, or the two halves (`long`) that the worker's gRPC library
 * makes of it.
 */
function sequenceNumberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return count(value)
  if (typeof value === 'string') return /^\d+$/.test(value) ? count(Number(value)) : undefined
  const { low, high } = fieldsOf(value)
  return typeof low === 'number' && typeof high === 'number' ? count(high * 2 ** 32 + (low >>> 0)) : undefined
}

/** The host formats a DateTime of kind "unspecified": UTC, without an offset. */
const enqueuedAtOf = (value: unknown): Instant | undefined =>
  typeof value === 'string' ? parseAzureTime(value) : undefined

function placeOf(metadata: Fields): Place {
  const { fullyQualifiedNamespace, eventHubName, partitionId } = fieldsOf(
    metadata['partitionContext'] ?? metadata['triggerPartitionContext'],
  )
  const [namespace, hub, partition] = [fullyQualifiedNamespace, eventHubName, partitionId].map(textOf)
  if (namespace === undefined || hub === undefined || partition === undefined)
    throw new InvariantError('the Event Hub trigger reported no partition for its messages')
  return { namespace, hub, partition }
}

function bodiesOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value))
    throw new InvariantError('the Event Hub trigger passed no list of messages: cardinality must be "many"')
  if (value.length > 0 && !value.some((body) => body instanceof Uint8Array))
    throw new InvariantError('the Event Hub trigger passed no bytes: dataType must be "binary"')
  return value
}

/** JSON with big integers as strings; a value that has no JSON is replaced by its type. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))
  } catch {
    return JSON.stringify(`a ${typeof value} that has no JSON`)
  }
}

/**
 * The messages of one invocation, with their positions.
 *
 * Bad metadata of one message does not affect others. Sequence number and enqueued time come from
 * the host's own lists if these have one element per message; else from the message's system
 * properties, where a sender may have set names. A message without a position is returned as such.
 * If no message can be read (no list, no bytes, no partition), the deployment is wrong: it throws,
 * so that the host does not advance its checkpoint and nothing is drained before it is fixed.
 * @param bodies one buffer per message (`cardinality: 'many'`, `dataType: 'binary'`)
 * @param metadata trigger metadata; lists that do not match `bodies` in length are ignored
 * @throws InvariantError if the trigger is not set up like this
 */
export function parseTrigger(bodies: unknown, metadata: unknown): TriggerBatch {
  const all = fieldsOf(metadata)
  const given = bodiesOf(bodies)
  const place = placeOf(all)
  const { namespace, hub, partition } = place
  const listed = (name: string): readonly unknown[] => aligned(all[name], given.length)
  const system = listed('systemPropertiesArray')
  const sequenceNumbers = listed('sequenceNumberArray')
  const times = listed('enqueuedTimeUtcArray')
  const texts = listed('offsetStringArray')
  const numbers = listed('offsetArray')

  const messages: Message[] = []
  const withoutPosition: MessageWithoutPosition[] = []
  for (let i = 0; i < given.length; i += 1) {
    const body = given[i]
    const own = fieldsOf(system[i])
    const sequenceNumber = sequenceNumberOf(sequenceNumbers[i]) ?? sequenceNumberOf(own['sequenceNumber'])
    const enqueuedAt = enqueuedAtOf(times[i]) ?? enqueuedAtOf(own['enqueuedTimeUtc'])
    const isBytes = body instanceof Uint8Array
    if (sequenceNumber !== undefined && enqueuedAt !== undefined && isBytes) {
      // Nothing depends on the offset, so a message without one is still accepted.
      const offset =
        textOf(own['offsetString']) ?? textOf(own['offset']) ?? textOf(texts[i]) ?? textOf(numbers[i]) ?? ''
      // Not `...place`: each object would get a shape of its own, and every read of one a look-up.
      const position = { namespace, hub, partition, sequenceNumber, offset, enqueuedAt }
      messages.push({ position, body })
      continue
    }
    const missing = [
      ...(sequenceNumber === undefined ? ['sequence number'] : []),
      ...(enqueuedAt === undefined ? ['enqueued time'] : []),
      ...(isBytes ? [] : ['bytes']),
    ]
    withoutPosition.push({
      partition: place,
      body: isBytes ? body : undefined,
      reported: jsonOf({
        index: i,
        systemProperties: system[i],
        sequenceNumber: sequenceNumbers[i],
        enqueuedTimeUtc: times[i],
        offset: [texts[i], numbers[i]],
        ...(isBytes ? {} : { body }),
      }),
      reason: `no ${missing.join(', no ')}`,
    })
  }
  return { messages, withoutPosition }
}
