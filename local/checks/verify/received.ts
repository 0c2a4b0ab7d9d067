import type { ArchiveLine } from './archive-line.ts'
import type { JsonObject } from './json.ts'

/** One event as a receiving server holds it. */
export interface Received {
  readonly eventId: string
  /** The line of the archive that it names as its evidence. */
  readonly pointer: string
  /** What it says, at the paths of an archive line: `event`, and of a row `position` too. */
  readonly says: JsonObject
  /** In what it is not what a line of the archive says. */
  readonly differs: (line: ArchiveLine) => readonly string[]
}
