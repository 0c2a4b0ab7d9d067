import { memoryTable } from '../../local/chaos/model/memory-table.ts'
import type { Outbox } from '../../shared/delivery/outbox.ts'
import { tableOutbox } from '../../shared/delivery/outbox-table.ts'

/** The outbox on a table in memory. */
export function memoryOutbox(now: () => number): Outbox {
  let tokens = 0
  return tableOutbox(memoryTable(), { now }, () => String(++tokens))
}
