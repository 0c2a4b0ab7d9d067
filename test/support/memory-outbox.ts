import { memoryTable } from '../../local/checks/chaos/model/memory-table.ts'
import type { Outbox } from '../../shared/delivery/outbox/outbox.ts'
import { tableOutbox } from '../../shared/delivery/outbox/outbox-table.ts'
import type { VirtualTime } from './virtual-time.ts'

/** The outbox on a table in memory, of a storage whose clock is right. */
export function memoryOutbox(time: VirtualTime): Outbox {
  let tokens = 0
  return tableOutbox(
    memoryTable(() => time.monotonicMs()),
    time,
    () => String(++tokens),
  )
}
