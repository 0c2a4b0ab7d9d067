import { counted } from '../../shared/domain/duration.ts'
import type { SealedLog } from '../../shared/operations/auditor/sealed-log.ts'
import { plain } from '../text/plain.ts'

/** The log in one line: how long it is, and who vouches for it. */
export function logLine(log: Pick<SealedLog, 'origin' | 'size' | 'keyId' | 'seal'> | undefined): string {
  if (log === undefined) return 'none: the archive is not sealed'
  const signed = log.keyId === undefined ? 'not signed' : `signed by key ${plain(log.keyId)}`
  const upTo = log.seal === undefined ? '' : `, complete up to ${log.seal.settledBefore}`
  return `${plain(log.origin)}, ${counted(log.size, 'leaf', 'leaves')}, ${signed}${upTo}`
}
