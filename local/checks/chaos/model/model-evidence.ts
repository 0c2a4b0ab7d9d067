import type { DeadLetter } from '../../../../shared/delivery/dead-letters/dead-letter.ts'
import type { ArchivedEvent } from '../../../../shared/domain/exported-event.ts'
import type { Message } from '../../../../shared/domain/position.ts'
import { cloudEvent } from '../../../../shared/sinks/webhook/cloud-event.ts'
import type { Evidence, Letter, SentMessage } from '../../verify/evidence.ts'
import { parseCloudEvents } from '../../verify/parse-received.ts'
import type { MadeRecords } from '../made-records.ts'
import type { Durable } from './durable.ts'
import type { ModelWorld } from './model-world.ts'
import { MAX_AGE_MS } from './program.ts'

export const sentMessage = ({ body, position }: Message): SentMessage => ({
  body,
  partition: position.partition,
  sequenceNumber: position.sequenceNumber,
  enqueuedAtMs: position.enqueuedAt,
})

export const letterOf = ({ sink, blob, line, fault, firstTriedAt, diedAt }: DeadLetter): Letter => ({
  sink,
  blob,
  line,
  code: fault.code,
  firstTriedAtMs: firstTriedAt,
  diedAtMs: diedAt,
})

/** What a storage in memory holds, for the verifier. */
export const durableEvidence = (
  storage: Pick<Durable, 'blobs' | 'letters'>,
): Pick<Evidence, 'archive' | 'letters'> => ({
  archive: [...storage.blobs()].map(([name, content]) => ({ name, content })),
  letters: storage.letters().map(letterOf),
})

/** What a webhook would be sent of an event. */
function cloudEventText(archived: ArchivedEvent): string {
  const { before, after } = cloudEvent(archived)
  return before + archived.eventJson.toString() + after
}

/** What is told and written within seconds may differ by that much. */
const TOLERANCE_MS = 10_000

/** All that can be known of a run of the model from outside the program. */
export const modelEvidence = (
  { hub, storage, sinks, witness }: Pick<ModelWorld, 'hub' | 'storage' | 'sinks' | 'witness'>,
  made: MadeRecords,
): Evidence => ({
  ...durableEvidence(storage),
  sent: hub.sent.map((message) => ({ ...sentMessage(message), made: made.in(message.body) })),
  sinks: sinks.map(({ name, landed, refuses }) => ({
    name,
    received: parseCloudEvents(`[${landed.map(({ archived }) => cloudEventText(archived)).join(',')}]`),
    mayDie: (letter, { eventId }) =>
      letter.code === 'deliveryExpired'
        ? witness.owedMs(letter) > MAX_AGE_MS - TOLERANCE_MS
        : (letter.code === 'payloadRefused' || letter.code === 'tooLarge') && refuses(eventId),
  })),
  owed: [],
})
