import { SINK_NAMES } from '../shared/config/sinks-declared.ts'
import { RECORDS_FOLDER } from '../shared/delivery/dead-letters/dead-letter-blobs.ts'

/** The folders of dead letters: one per sink, and one for records that never became events. */
export const DEAD_LETTER_FOLDERS = [...SINK_NAMES, RECORDS_FOLDER] as const
