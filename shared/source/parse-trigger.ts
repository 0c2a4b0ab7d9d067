import { type Instant, instant } from '../domain/identifiers.ts'
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

/** A list that has one element for each message; any other tells of nobody knows which. */
const aligned = (value: unknown, length: number): readonly unknown[] =>
  Array.isArray(value) && value.length === length ? value : []

const count = (value: number): number | undefined =>
  Number.isSafeInteger(value) && value >= 0 ? value : undefined

/**
 * A 64-bit number: as such, as text, or as the two halves that gRPC makes of it where the worker
 * finds `long`.
 */
function sequenceNumberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return count(value)
  if (typeof value === 'string') return /^\d+$/.test(value) ? count(Number(value)) : undefined
  const { low, high } = fieldsOf(value)
  return typeof low === 'number' && typeof high === 'number' ? count(high * 2 ** 32 + (low >>> 0)) : undefined
}

/** The host formats a DateTime of kind "unspecified": UTC, and without saying so. */
function enqueuedAtOf(value: unknown): Instant | undefined {
  const at = typeof value === 'string' ? parseAzureTime(value) : undefined
  return at === undefined ? undefined : instant(at)
}

function placeOf(metadata: Fields): Place {
  const { fullyQualifiedNamespace, eventHubName, partitionId } = fieldsOf(
    metadata['partitionContext'] ?? metadata['triggerPartitionContext'],
  )
  const [namespace, hub, partition] = [fullyQualifiedNamespace, eventHubName, partitionId].map(textOf)
  if (namespace === undefined || hub === undefined || partition === undefined)
    throw new InvariantError('the Event Hub trigger did not say of which partition its messages are')
  return { namespace, hub, partition }
}

function bodiesOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value))
    throw new InvariantError('the Event Hub trigger gave no list of messages: cardinality must be "many"')
  if (value.length > 0 && !value.some((body) => body instanceof Uint8Array))
    throw new InvariantError('the Event Hub trigger gave no bytes: dataType must be "binary"')
  return value
}

/** Big integers have no JSON of their own; what has none at all is named by its kind. */
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
 * What is wrong with one message's metadata harms no other. Number and time are taken from lists
 * that the host alone makes, where they have an element for every message; else from the message's
 * system properties, among which may be names that a sender chose. A message that has no place all
 * the same is handed on as it came. What concerns all of them (no list, no bytes, no partition) is
 * a wrong deployment, not a wrong message: that throws, and the host holds the checkpoint. Passed,
 * the whole hub would drain without one event delivered; held, it flows on in its order as soon as
 * the deployment is mended.
 * @param bodies what the trigger hands over: one buffer a message (`cardinality: 'many'`,
 * `dataType: 'binary'`)
 * @param metadata its metadata; a list that the host made shorter than the bodies tells of nobody
 * knows which
 * @throws InvariantError for a trigger that is not set up so
 */
export function parseTrigger(bodies: unknown, metadata: unknown): TriggerBatch {
  const all = fieldsOf(metadata)
  const given = bodiesOf(bodies)
  const place = placeOf(all)
  const listed = (name: string): readonly unknown[] => aligned(all[name], given.length)
  const system = listed('systemPropertiesArray')
  const sequenceNumbers = listed('sequenceNumberArray')
  const times = listed('enqueuedTimeUtcArray')
  const offsets = [listed('offsetStringArray'), listed('offsetArray')]

  const messages: Message[] = []
  const withoutPosition: MessageWithoutPosition[] = []
  for (const [i, body] of given.entries()) {
    const own = fieldsOf(system[i])
    const sequenceNumber = sequenceNumberOf(sequenceNumbers[i]) ?? sequenceNumberOf(own['sequenceNumber'])
    const enqueuedAt = enqueuedAtOf(times[i]) ?? enqueuedAtOf(own['enqueuedTimeUtc'])
    const isBytes = body instanceof Uint8Array
    if (sequenceNumber !== undefined && enqueuedAt !== undefined && isBytes) {
      // Nothing hangs on the offset: a message of which it is not told is not held up for it.
      const offset = [own['offsetString'], own['offset'], ...offsets.map((list) => list[i])]
        .map(textOf)
        .find((text) => text !== undefined)
      messages.push({ position: { ...place, sequenceNumber, offset: offset ?? '', enqueuedAt }, body })
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
        offset: offsets.map((list) => list[i]),
        ...(isBytes ? {} : { body }),
      }),
      reason: `no ${missing.join(', no ')}`,
    })
  }
  return { messages, withoutPosition }
}
