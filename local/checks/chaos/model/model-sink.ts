import {
  DELIVERED,
  type DeliveryOutcome,
  type Encoded,
  failed,
  type Sink,
} from '../../../../shared/delivery/sink.ts'
import type { ArchivedEvent } from '../../../../shared/domain/exported-event.ts'
import { type Fault, recordFault, sinkFault, transientFault } from '../../../../shared/domain/fault.ts'
import type { EventId } from '../../../../shared/domain/identifiers.ts'
import { ByteWriter } from '../../../../shared/encoding/byte-writer.ts'
import { cloudEvent } from '../../../../shared/sinks/webhook/formats/cloudevents/cloud-event.ts'
import type { Prng } from '../prng.ts'
import { type Life, whileAlive } from './guard.ts'
import type { ModelTime } from './model-time.ts'

/** Behaviours of a sink. */
export const SINK_BEHAVIOURS = [
  'up',
  'down',
  'throttling',
  'hanging',
  'slow',
  'unauthorized',
  'losingAnswers',
  'partial',
] as const
export type SinkBehaviour = (typeof SINK_BEHAVIOURS)[number]

interface Handed extends Encoded {
  readonly archived: ArchivedEvent
}

/** An event stored by a receiver. */
export interface ModelArrival extends Pick<ArchivedEvent, 'position' | 'ordinal'> {
  readonly eventId: EventId
  /** What a webhook would be sent: the event's own memory is used again once it is settled. */
  readonly cloudEvent: string
  readonly at: number
  /** Whether the sender got the answer; `false` until then. */
  answered: boolean
}

/** An in-memory receiver and the connection to it. */
export interface ModelSink {
  readonly name: string
  /** The sink as used by one process. */
  sinkFor(sender: Pick<Life, 'isDead'>): Sink<Handed>
  /** Stored events, in order of arrival. */
  readonly received: readonly ModelArrival[]
  behaviour: SinkBehaviour
  readonly refuses: ModelSinkOptions['refuses']
  /** Requests stored but not answered. */
  answersLost(): number
}

export interface ModelSinkOptions {
  readonly name: string
  /** Whether it always refuses this event. */
  readonly refuses: (eventId: string) => boolean
  readonly maxEvents: number
}

const USUAL_BYTES = 4096

function cloudEventText(archived: ArchivedEvent): string {
  const text = new ByteWriter(USUAL_BYTES)
  cloudEvent.write(text, archived.event.fields, archived)
  return text.since(0).toString()
}

const REFUSED = recordFault('payloadRefused', 'The sink refused the payload.', { status: 400 })
const DOWN = transientFault('unavailable', 'The sink is down.', { status: 503 })
const TIMEOUT = transientFault('timeout', 'The sink did not answer in time.')
const UNAUTHORIZED = sinkFault('unauthorized', 'The secret is wrong.', { status: 401 })
const THROTTLED = transientFault('throttled', 'Too much.', { status: 429, retryAfterMs: 7000 })

export function modelSink(options: ModelSinkOptions, time: ModelTime, prng: Prng): ModelSink {
  const received: ModelArrival[] = []
  let answersLost = 0

  const land = ({ eventId, archived }: Handed): void => {
    const { position, ordinal } = archived
    const cloudEvent = cloudEventText(archived)
    received.push({ eventId, position, ordinal, cloudEvent, at: time.moment(), answered: false })
  }

  function take(batch: readonly Handed[]): DeliveryOutcome {
    if (batch.some((e) => options.refuses(e.eventId))) return failed(REFUSED)
    batch.forEach(land)
    return DELIVERED
  }

  function takePart(batch: readonly Handed[]): DeliveryOutcome {
    const faults = new Map<Handed['eventId'], Fault>()
    for (const e of batch) {
      if (options.refuses(e.eventId)) faults.set(e.eventId, REFUSED)
      else if (prng.chance(0.3)) faults.set(e.eventId, DOWN)
      else land(e)
    }
    return faults.size === 0 ? DELIVERED : { status: 'partial', failed: faults }
  }

  function answer(batch: readonly Handed[], signal: AbortSignal): DeliveryOutcome {
    switch (model.behaviour) {
      case 'up':
        return take(batch)
      case 'down':
        return failed(DOWN)
      case 'throttling':
        return failed(THROTTLED)
      case 'unauthorized':
        return failed(UNAUTHORIZED)
      case 'hanging':
        time.exhaust(signal)
        return failed(TIMEOUT)
      case 'slow':
        time.advance(900)
        return take(batch)
      case 'losingAnswers': {
        const outcome = take(batch)
        if (outcome !== DELIVERED) return outcome
        answersLost++
        return failed(TIMEOUT)
      }
      case 'partial':
        return takePart(batch)
    }
  }

  const model: ModelSink = {
    name: options.name,
    received,
    behaviour: 'up',
    refuses: options.refuses,
    answersLost: () => answersLost,
    sinkFor: (sender) => ({
      name: options.name,
      limits: { maxEvents: options.maxEvents, maxBytes: 1_000_000 },
      encode: (archived) => ({ eventId: archived.event.eventId, archived }),
      sizeOf: (batch) => batch.length * 100,
      check: async () => undefined,
      async deliver(batch, signal) {
        const { outcome, stored } = await whileAlive(async () => {
          const before = received.length
          return { outcome: answer(batch, signal), stored: received.slice(before) }
        }, sender)()
        // A sender that has died by now never gets the answer.
        for (const arrival of stored) arrival.answered = outcome.status !== 'failed'
        return outcome
      },
    }),
  }
  return model
}
