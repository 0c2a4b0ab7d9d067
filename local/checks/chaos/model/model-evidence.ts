import type { DeadLetter } from '../../../../shared/delivery/dead-letters/dead-letter.ts'
import type { Message } from '../../../../shared/domain/position.ts'
import type { DeadLetterEvidence, Evidence, SentMessage } from '../../verify/evidence.ts'
import { parseCloudEvents } from '../../verify/parse-received.ts'
import type { GeneratedRecords } from '../generated-records.ts'
import type { Durable } from './durable.ts'
import type { ModelWorld } from './model-world.ts'
import { MAX_AGE_MS } from './program.ts'

export const sentMessage = ({ body, position }: Message): SentMessage => ({
  body,
  partition: position.partition,
  sequenceNumber: position.sequenceNumber,
  enqueuedAtMs: position.enqueuedAt,
})

export const deadLetterOf = ({
  sink,
  blob,
  line,
  fault,
  firstTriedAt,
  deadLetteredAt,
}: DeadLetter): DeadLetterEvidence => ({
  sink,
  blob,
  line,
  code: fault.code,
  firstTriedAtMs: firstTriedAt,
  deadLetteredAtMs: deadLetteredAt,
})

/** The contents of an in-memory storage, as evidence. */
export const durableEvidence = (
  storage: Pick<Durable, 'blobs' | 'deadLetters'>,
): Pick<Evidence, 'archive' | 'deadLetters'> => ({
  archive: [...storage.blobs()].map(([name, content]) => ({ name, content })),
  deadLetters: storage.deadLetters().map(deadLetterOf),
})

/** Tolerance between event times and recorded times. */
const TOLERANCE_MS = 10_000

/** Everything observable of a model run from outside the program. */
export const modelEvidence = (
  { hub, storage, sinks, recorder }: Pick<ModelWorld, 'hub' | 'storage' | 'sinks' | 'recorder'>,
  made: GeneratedRecords,
): Evidence => ({
  ...durableEvidence(storage),
  sent: hub.sent.map((message) => ({ ...sentMessage(message), made: made.in(message.body) })),
  sinks: sinks.map(({ name, received, refuses }) => ({
    name,
    received: parseCloudEvents(`[${received.map(({ cloudEvent }) => cloudEvent).join(',')}]`),
    mayBeDeadLettered: (deadLetter, { eventId }) =>
      deadLetter.code === 'deliveryExpired'
        ? recorder.pendingMs(deadLetter) > MAX_AGE_MS - TOLERANCE_MS
        : (deadLetter.code === 'payloadRefused' || deadLetter.code === 'tooLarge') && refuses(eventId),
  })),
  pending: [],
})
