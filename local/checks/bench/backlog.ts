import type { ContainerClient } from '@azure/storage-blob'
import { buildChunk } from '../../../shared/archive/chunk.ts'
import { archiveWriter } from '../../../shared/archive/writer.ts'
import { systemTime } from '../../../shared/composition/system-time.ts'
import {
  type Outbox,
  type OutboxPartition,
  type OutboxRow,
  outboxPartitionOf,
  pendingRows,
} from '../../../shared/delivery/outbox/outbox.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant, tenantId } from '../../../shared/domain/identifiers.ts'
import { VERSION } from '../../../shared/domain/version.ts'
import { sideBySide } from '../../../shared/pipeline/side-by-side.ts'
import { readMessage } from '../../../shared/source/read-message.ts'
import { HUB, TENANT_ID } from '../../stack/names.ts'
import { benchBody } from './bench-batches.ts'

/** What an outage leaves behind: rows of one event, and archive blobs of this many events. */
export interface BacklogShape {
  readonly blobs: number
  readonly eventsPerBlob: number
  readonly partition: string
  /** Number of the first record, so that the backlogs of a run share none. */
  readonly firstRecord: number
}

export interface Backlog {
  readonly outboxPartition: OutboxPartition
  readonly rows: readonly OutboxRow[]
}

const AT_ONCE = 16
const NAMESPACE = 'localhost'
const OUTAGE = transientFault('unavailable', 'The sink did not answer.')
const SOURCE = { tenantId: tenantId(TENANT_ID), includeUserRisk: true, language: 'en' } as const

function chunkOf({ eventsPerBlob, partition, firstRecord }: BacklogShape, blob: number) {
  const position = {
    namespace: NAMESPACE,
    hub: HUB,
    partition,
    sequenceNumber: blob,
    offset: String(blob),
    enqueuedAt: instant(systemTime.now()),
  }
  const body = benchBody(firstRecord + blob * eventsPerBlob, eventsPerBlob)
  return buildChunk([readMessage({ position, body }, SOURCE)])
}

/** Archives a backlog's events, and says which rows point at them. */
export async function archiveBacklog(
  shape: BacklogShape,
  archive: ContainerClient,
  onArchived: (blobs: number) => void = () => undefined,
): Promise<Backlog> {
  let archived = 0
  const writer = archiveWriter(archive, VERSION, systemTime)
  const events: ArchivedEvent[][] = []
  await sideBySide([...Array(shape.blobs).keys()], AT_ONCE, async (blob) => {
    const chunk = chunkOf(shape, blob)
    await writer.write(chunk)
    events[blob] = [...chunk.events]
    onArchived(++archived)
  })
  const triedAt = instant(systemTime.now())
  const rows = events.flat().flatMap((event) => pendingRows([{ archived: event, fault: OUTAGE }], triedAt))
  const [first] = events.flat()
  if (first === undefined) throw new Error('The backlog is empty.')
  return { outboxPartition: outboxPartitionOf('webhook', first.position), rows }
}

export const appendAll = (
  { outboxPartition, rows }: Backlog,
  outbox: Pick<Outbox, 'append'>,
): Promise<void> => outbox.append(outboxPartition, rows)
