import { pointerTo } from '../checks/verify/archive-line.ts'
import type { StoredRequest } from '../emulators/http/stored-request.ts'
import { BoundedMap } from './bounded-map.ts'

/** The latest events whose place in the archive is remembered. */
const MAX_POINTERS = 200_000

/** What a receiver holds, by the line of the archive that each event names as its evidence. */
export class ArrivedEvents {
  readonly #firstAtMs = new BoundedMap<string, number>(MAX_POINTERS)
  /** Events stored, … */
  received = 0
  /** … and of them those that were there already. */
  repeated = 0
  /** When something was stored last. */
  lastAtMs: number | undefined

  /** Takes what a receiver has just stored: CloudEvents or rows. */
  add({ events, atMs }: Pick<StoredRequest, 'events' | 'atMs'>): void {
    this.lastAtMs = atMs
    this.received += events.length
    for (const event of events) {
      const { archiveblob = event['ArchiveBlob'], archiveline = event['ArchiveLine'] } = event
      const pointer = pointerTo(archiveblob, archiveline)
      if (this.#firstAtMs.get(pointer) === undefined) this.#firstAtMs.set(pointer, atMs)
      else this.repeated += 1
    }
  }

  /** When the event of a line came first. */
  firstAtMs(pointer: string): number | undefined {
    return this.#firstAtMs.get(pointer)
  }
}
