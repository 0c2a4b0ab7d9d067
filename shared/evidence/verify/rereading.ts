import type { DetectionLanguage } from '../../domain/catalogue-entry.ts'
import type { Instant, TenantId } from '../../domain/identifiers.ts'
import type { ReadRecord } from '../../domain/read-message.ts'
import { BytePool } from '../../encoding/byte-pool.ts'
import { ByteWriter } from '../../encoding/byte-writer.ts'
import { eventMemory } from '../../source/event-memory.ts'
import { rereadWhole } from '../../source/reread-record.ts'
import type { SourceSettings } from '../../source/source-settings.ts'

/** Small enough to stay in a processor's cache; constant values are written once per memory. */
const MEMORY_BYTES = 256 * 1024
/** A memory that has this much is renewed before the next record. */
const FULL_BYTES = MEMORY_BYTES / 2
const MAX_KEPT_BYTES = 4 * 1024 * 1024
const LINE_BYTES = 16 * 1024

/**
 * The app's settings that a line depends on, and that no line tells; `tenantId` for records that
 * tell none.
 */
export const lineSettings = (tenantId: TenantId, language: DetectionLanguage): SourceSettings => ({
  tenantId,
  language,
  includeUserRisk: true,
})

/** Reads archived records again, in the same memory over and over: one for many blobs. */
export class Rereading {
  readonly #pool = new BytePool(MAX_KEPT_BYTES)
  #memory = eventMemory(MEMORY_BYTES, this.#pool)
  /** Room for what is written of a record; valid until the next one. */
  readonly written = new ByteWriter(LINE_BYTES)

  /** A record; its event is valid until the next call. */
  read(record: Uint8Array, enqueuedAt: Instant, settings: SourceSettings): ReadRecord {
    if (this.#memory.memory.length > FULL_BYTES) {
      this.#memory.memory.release()
      this.#memory = eventMemory(MEMORY_BYTES, this.#pool)
    }
    return rereadWhole(record, enqueuedAt, settings, this.#memory)
  }
}
