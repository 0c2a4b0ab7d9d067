import { randomUUID } from 'node:crypto'
import { TableClient } from '@azure/data-tables'
import { LeanContainer } from '../../../shared/azure/lean-container.ts'
import type { Outbox } from '../../../shared/delivery/outbox/outbox.ts'
import { tableOutbox } from '../../../shared/delivery/outbox/outbox-table.ts'
import { fixedContainerOf, LOG_CONTAINER } from '../../../shared/evidence/log-layout.ts'

/** Direct access to the program's storage, for checks. */
export interface Stores {
  readonly archive: LeanContainer
  readonly deadLetters: LeanContainer
  readonly receipts: LeanContainer
  /** The log of the archive: what may be written again, and what may not. */
  readonly log: LeanContainer
  readonly fixedLog: LeanContainer
  /** The container of the Functions host. */
  readonly checkpoints: LeanContainer
  readonly outbox: Outbox
}

export function storesOf(connectionString: string, nowMs: () => number): Stores {
  const container = (name: string) => new LeanContainer(connectionString, name)
  const table = TableClient.fromConnectionString(connectionString, 'outbox', {
    allowInsecureConnection: true,
  })
  return {
    archive: container('archive'),
    deadLetters: container('deadletters'),
    receipts: container('receipts'),
    log: container(LOG_CONTAINER),
    fixedLog: container(fixedContainerOf(LOG_CONTAINER)),
    checkpoints: container('azure-webjobs-eventhub'),
    outbox: tableOutbox(table, { now: nowMs }, randomUUID),
  }
}
