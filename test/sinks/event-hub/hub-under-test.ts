import type { EventHubEmulator } from '../../../local/emulators/event-hubs/emulator.ts'
import { eventHubOut } from '../../../shared/composition/event-hub-out.ts'
import type { EventHubOutSettings } from '../../../shared/config/event-hub-out-settings.ts'
import type { Sink } from '../../../shared/delivery/sink.ts'
import type { ExportedEvent } from '../../../shared/domain/exported-event.ts'
import { encoded } from '../../contract/sink-fixture.ts'
import { startReading } from '../../support/event-hub-clients.ts'
import { until } from '../../support/until.ts'

export const never = new AbortController().signal

export const sinkTo = (connectionString: string, changes: Partial<EventHubOutSettings> = {}): Sink =>
  eventHubOut(
    {
      name: 'risk',
      namespace: undefined,
      connectionString,
      format: 'cloudevents',
      categories: [],
      redactions: [],
      redactKey: undefined,
      ...changes,
    },
    () => Promise.reject(new Error('no credential is needed')),
  )

export const deliver = (sink: Sink, ...events: readonly ExportedEvent[]) =>
  sink.deliver(encoded(sink, ...events), never)

export const agent = (id: string) => ({ identity: { type: 'agent', id } }) as const

/** What the official consumer reads, of both partitions. */
export async function readAll(emulator: EventHubEmulator, count: number) {
  const readings = ['0', '1'].map((partition) =>
    startReading(emulator.connectionString('risk'), { partition }),
  )
  await until(() => readings.flatMap(({ events }) => events).length >= count, 15_000)
  return readings.map(({ events }) => events)
}
