import { type Behaviour, idsIn, type Misbehaving } from '../../contract/misbehaving.ts'
import { startedEmulator, textsIn } from '../../support/event-hub-clients.ts'
import { sinkTo } from './hub-under-test.ts'

const ALWAYS = 1_000_000
const TOO_LARGE = 'amqp:link:message-size-exceeded'

/** A hub that misbehaves on demand: a send that it refuses, it refuses as a whole. */
export async function misbehavingHub(): Promise<Misbehaving> {
  const emulator = await startedEmulator()
  const { faults } = emulator
  const does: Readonly<Record<Behaviour, () => void>> = {
    isHealthy: () => undefined,
    refusesSender: () => faults.rejectNextSends(ALWAYS, 'amqp:unauthorized-access'),
    refusesAll: () => faults.rejectNextSends(ALWAYS, TOO_LARGE),
    isBusy: () => faults.rejectNextSends(ALWAYS, 'com.microsoft:server-busy'),
    losesAnswer: () => faults.loseNextAcknowledgements(1),
    hangs: () => faults.hang(),
  }
  let known: readonly string[] = []
  return {
    sink: sinkTo(emulator.connectionString('risk')),
    does: (what) => does[what](),
    expects: (events, refused) => {
      known = events.map(({ eventId }) => eventId)
      if (refused !== undefined) faults.rejectSendsOf(refused, TOO_LARGE)
    },
    saw: (text) => textsIn(emulator).some((one) => one.includes(text)),
    stored: () => textsIn(emulator).flatMap((text) => idsIn(text, known)),
  }
}
