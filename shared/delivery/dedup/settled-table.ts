import type { TableClient } from '@azure/data-tables'
import { AS_STORED, type StoredEntity, textIn } from '../../azure/entity-value.ts'
import { hasCode, hasStatus } from '../../azure/storage-condition.ts'
import { joinKey } from '../../azure/table-key.ts'
import { marksJson, parseMarks } from './parse-settled-entity.ts'
import type { MarkStore, PartitionRef } from './settled-ranges.ts'

const ROW_KEY = 'marks'

const partitionKeyOf = ({ namespace, hub, partition }: PartitionRef): string =>
  joinKey(namespace, hub, partition)

/** Marks in a storage table: one row per partition, changed by compare-and-swap. */
export const tableMarks = (table: TableClient): MarkStore => ({
  async read(partition) {
    try {
      const entity = await table.getEntity<StoredEntity>(partitionKeyOf(partition), ROW_KEY, AS_STORED)
      const bySink = parseMarks(textIn(entity.marks) ?? '')
      const { etag } = entity
      return bySink === undefined ? { bySink: new Map(), etag, isUnreadable: true } : { bySink, etag }
    } catch (error) {
      if (hasCode(error, 'ResourceNotFound')) return { bySink: new Map(), etag: undefined }
      throw error
    }
  },

  async write(partition, { bySink, etag }) {
    const entity = { partitionKey: partitionKeyOf(partition), rowKey: ROW_KEY, marks: marksJson(bySink) }
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
