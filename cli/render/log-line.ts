import { counted } from '../../shared/domain/duration.ts'
import type { LogSummary } from '../../shared/operations/auditor/log-summary.ts'
import { plain } from '../text/plain.ts'

/** The log in one line: how long it is, and who vouches for it. */
export function logLine(log: LogSummary | undefined): string {
  if (log === undefined) return 'none: the archive is not sealed'
  const signed = log.keyId === undefined ? 'not signed' : `signed by key ${plain(log.keyId)}`
  const upTo = log.seal === undefined ? '' : `, complete up to ${log.seal.settledBefore}`
  return `${plain(log.origin)}, ${counted(log.size, 'leaf', 'leaves')}, ${signed}${upTo}`
}
