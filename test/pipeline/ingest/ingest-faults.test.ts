import { expect, it } from 'vitest'
import { durable } from '../../../local/checks/chaos/model/durable.ts'
import { modelSink } from '../../../local/checks/chaos/model/model-sink.ts'
import { modelTime } from '../../../local/checks/chaos/model/model-time.ts'
import { startProgram } from '../../../local/checks/chaos/model/program.ts'
import { prng } from '../../../local/checks/chaos/prng.ts'
import type { DeadLetterWriter } from '../../../shared/delivery/dead-letters/dead-letter.ts'
import { DurabilityError } from '../../../shared/domain/durability-error.ts'
import { envelope, messageAt, riskRecord } from '../../support/ingest-world.ts'
import { until } from '../../support/until.ts'

const MESSAGES = [messageAt(1, envelope(riskRecord(1))), messageAt(2, 'not JSON')]

/** The program on a storage whose way to the dead letters is our own. */
function world(wayTo: (deadLetters: DeadLetterWriter) => DeadLetterWriter) {
  const time = modelTime(0, () => 0.5)
  const storage = durable(() => time.now())
  const model = modelSink({ name: 'webhook', maxEvents: 10, refuses: () => false }, time, prng(1))
  const program = startProgram({
    storage,
    ports: { ...storage.ports, deadLetters: wayTo(storage.ports.deadLetters) },
    sinks: [model.sinkFor({ isDead: () => false })],
    time,
    onIsolated: () => undefined,
  })
  return { program, storage, model }
}

it('events do not wait for the dead letters of records beside them, and the batch does', async () => {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const { program, storage, model } = world((deadLetters) => ({
    write: (some) => opened.then(() => deadLetters.write(some)),
  }))
  let ended = false
  const ingesting = program.ingest(MESSAGES, 0).then(() => {
    ended = true
  })
  await until(() => model.received.length === 1)
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
  expect([ended, storage.deadLetters()]).toEqual([false, []])
  open()
  await ingesting
  expect(storage.deadLetters().map((deadLetter) => deadLetter.fault.code)).toEqual(['bodyNotJson'])
})

it('a dead letter that cannot be written fails the batch, and is written when it is run again, without a second delivery', async () => {
  let failing = true
  const { program, storage, model } = world((deadLetters) => ({
    async write(some) {
      if (failing && some.length > 0) throw new DurabilityError('Writing a dead letter', undefined)
      await deadLetters.write(some)
    },
  }))
  await expect(program.ingest(MESSAGES, 0)).rejects.toBeInstanceOf(DurabilityError)
  failing = false
  await program.ingest(MESSAGES, 1)
  expect(storage.deadLetters()).toHaveLength(1)
  expect(model.received).toHaveLength(1)
})
