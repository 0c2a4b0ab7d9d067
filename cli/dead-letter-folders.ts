import { SINK_NAMES } from '../shared/config/sinks-declared.ts'
import { RECORDS_FOLDER } from '../shared/delivery/dead-letters/dead-letter-blobs.ts'

/** Where dead letters lie: by sink, and those of records that never became events. */
export const DEAD_LETTER_FOLDERS = [...SINK_NAMES, RECORDS_FOLDER] as const
