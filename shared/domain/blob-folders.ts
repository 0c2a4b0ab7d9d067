import type { Instant } from './identifiers.ts'
import { isoInstant } from './iso-instant.ts'

/** Prefix of a date. */
export const DATE = 'ingest_date='

/**
 * The folder of a day (UTC), as query engines partition by `key=value`: `ingest_date=2026-03-01/`.
 */
export const dateFolder = (at: Instant): string => `${DATE}${isoInstant(at).slice(0, 10)}/`

/** The folder of an hour: `ingest_date=2026-03-01/ingest_hour=09/`. */
export const hourFolder = (at: Instant): string =>
  `${dateFolder(at)}ingest_hour=${isoInstant(at).slice(11, 13)}/`

/** What an archive blob's name shares with the blobs about it: no version, no file extension. */
export const trunkOf = (archiveBlob: string): string =>
  archiveBlob.replace(/^v1\//, '').replace(/\.jsonl\.gz$/, '')
