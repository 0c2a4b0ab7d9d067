import type { Status } from './finding.ts'

/** The verdict in one sentence. */
export const VERDICTS: Readonly<Record<Status, string>> = {
  ok: 'OK: the archive is what was sealed, and nothing is missing',
  integrity: 'CHANGED: the archive or its log is not what was sealed',
  incomplete: 'INCOMPLETE: what is there is unchanged, but not everything is there',
  unknown: 'CANNOT TELL: there is nothing here that could be verified',
}
