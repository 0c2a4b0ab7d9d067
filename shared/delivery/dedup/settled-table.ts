import { AS_STORED, type StoredEntity, textIn } from '../../azure/entity-value.ts'
import type { LeanTable } from '../../azure/lean-table.ts'
import { hasCode, hasStatus } from '../../azure/storage-condition.ts'
import { joinKey } from '../../azure/table-key.ts'
import { parseRanges, rangesJson } from './parse-settled-entity.ts'
import type { PartitionRef, SettledRangeStore } from './settled-ranges.ts'

const ROW_KEY = 'settled'

const partitionKeyOf = ({ namespace, hub, partition }: PartitionRef): string =>
  joinKey(namespace, hub, partition)

/** Settled ranges in a storage table: one row per partition, changed by compare-and-swap. */
export const settledTable = (table: LeanTable): SettledRangeStore => ({
  async read(partition) {
    try {
      const entity = await table.getEntity<StoredEntity>(partitionKeyOf(partition), ROW_KEY, AS_STORED)
      const bySink = parseRanges(textIn(entity.ranges) ?? '')
      const { etag } = entity
      return bySink === undefined ? { bySink: new Map(), etag, isUnreadable: true } : { bySink, etag }
    } catch (error) {
      if (hasCode(error, 'ResourceNotFound')) return { bySink: new Map(), etag: undefined }
      throw error
    }
  },

  async write(partition, { bySink, etag }) {
    const entity = { partitionKey: partitionKeyOf(partition), rowKey: ROW_KEY, ranges: rangesJson(bySink) }
    try {
      const written =
        etag === undefined
          ? await table.createEntity(entity)
          : await table.updateEntity(entity, 'Replace', { etag })
      return written.etag
    } catch (error) {
      if (hasCode(error, 'EntityAlreadyExists', 'ResourceNotFound') || hasStatus(error, 412)) return undefined
      throw error
    }
  },
})
