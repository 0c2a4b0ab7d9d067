import type { DeliveryOutcome, Encoded } from '../../shared/delivery/sink.ts'
import { startRawServer } from '../support/raw-tls-server.ts'
import { type SinkFixture, smallBatch } from './sink-fixture.ts'

/** A new sink aimed at another origin, and a server there that answers whatever bytes it is given. */
export const rawReceiver = <E extends Encoded>(fixture: SinkFixture<E>) => ({
  deliverTo: async (origin: string): Promise<DeliveryOutcome> => {
    const sink = await fixture.sink({ origin })
    return sink.deliver(smallBatch(sink), fixture.untouched)
  },
  toOneThatSays: async <T>(bytes: string, work: (origin: string) => Promise<T>): Promise<T> => {
    const raw = await startRawServer(fixture.issued(), bytes)
    try {
      return await work(raw.origin)
    } finally {
      await raw.stop()
    }
  },
})
