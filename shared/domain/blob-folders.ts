import type { Instant } from './identifiers.ts'
import { isoInstant } from './iso-instant.ts'

/** Prefix of a day's folder. */
export const DATE = 'ingest_date='

/** The folder of a UTC day, Hive-partitioned for query engines: `ingest_date=2026-03-01/`. */
export const dateFolder = (at: Instant): string => `${DATE}${isoInstant(at).slice(0, 10)}/`

/** The folder of a UTC hour: `ingest_date=2026-03-01/ingest_hour=09/`. */
export const hourFolder = (at: Instant): string =>
  `${dateFolder(at)}ingest_hour=${isoInstant(at).slice(11, 13)}/`

/** An archive blob's name without version and extension; blobs about it share this part. */
export const trunkOf = (archiveBlob: string): string =>
  archiveBlob.replace(/^v1\//, '').replace(/\.jsonl\.gz$/, '')
