import type { ArchiveLine } from './archive-line.ts'
import type { JsonObject } from './json.ts'

/** An event held by a receiver. */
export interface Received {
  readonly eventId: string
  /** The archive line that it refers to. */
  readonly pointer: string
  /** Its values at the paths of an archive line: `event`, and for a row also `position`. */
  readonly says: JsonObject
  /** Fields that differ from an archive line. */
  readonly differs: (line: ArchiveLine) => readonly string[]
}
