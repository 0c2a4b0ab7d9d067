import type { Instant } from './identifiers.ts'
import { isoInstant } from './iso-instant.ts'

/** Before a date. */
export const DATE = 'ingest_date='

/**
 * The folder of a day (UTC), in the `key=value` form that query engines partition by:
 * `ingest_date=2026-03-01/`.
 */
export const dateFolder = (at: Instant): string => `${DATE}${isoInstant(at).slice(0, 10)}/`

/** The folder of an hour in that of its day: `ingest_date=2026-03-01/ingest_hour=09/`. */
export const hourFolder = (at: Instant): string =>
  `${dateFolder(at)}ingest_hour=${isoInstant(at).slice(11, 13)}/`

/**
 * What the name of an archive blob has in common with those of the blobs about it: without version
 * and ending.
 */
export const trunkOf = (archiveBlob: string): string =>
  archiveBlob.replace(/^v1\//, '').replace(/\.jsonl\.gz$/, '')
