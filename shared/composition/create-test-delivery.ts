import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import { acceptedBySink } from '../config/sinks-declared.ts'
import { deadLetterReader } from '../delivery/dead-letters/dead-letter-reader.ts'
import type { Outbox } from '../delivery/outbox/outbox.ts'
import type { Time } from '../domain/time.ts'
import type { Finding } from '../operations/doctor/diagnose.ts'
import { hubVerdict } from '../operations/doctor/hub-probes.ts'
import { deliverTestEvent } from '../operations/doctor/test-event.ts'
import { Tracer } from '../operations/trace/trace-steps.ts'

/** How a test event is requested. */
export interface TestDelivery {
  readonly newId: () => string
  readonly timeoutMs: number
}

/** Sends one test event through the running app, and reports its outcome at every enabled sink. */
export async function testDelivery(
  { newId, timeoutMs }: TestDelivery,
  settings: AppSettings,
  clients: AzureClients,
  outbox: Pick<Outbox, 'rows' | 'rowsOfBlob'>,
  time: Time,
): Promise<readonly Finding[]> {
  const [hub, archive, receipts, deadLetters] = await Promise.all([
    clients.hub(),
    clients.container('archive'),
    clients.container('receipts'),
    clients.container('deadletters'),
  ])
  const sinks = [...acceptedBySink(settings).keys()]
  try {
    return await deliverTestEvent(sinks, timeoutMs, {
      tenantId: settings.tenantId,
      testId: newId(),
      send: async (body) => hub.sendBatch([{ body: Buffer.from(body) }]),
      explain: (error) => hubVerdict(error, 'Azure Event Hubs Data Sender', 'fail'),
      async lastSequenceNumbers() {
        const ids = await hub.getPartitionIds()
        const properties = await Promise.all(ids.map((id) => hub.getPartitionProperties(id)))
        return new Map(properties.map((p) => [p.partitionId, p.lastEnqueuedSequenceNumber]))
      },
      archive,
      trace: (found) =>
        new Tracer({ archive, receipts, deadLetters: deadLetterReader(deadLetters), outbox, sinks }).trace(
          found,
        ),
      time,
    })
  } finally {
    await hub.close()
  }
}
