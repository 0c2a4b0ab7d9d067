import type { SealLeaf } from '../../evidence/leaf.ts'
import type { ProvableLog } from '../../evidence/verify/provable-log.ts'

/** The log of the archive in a few words. */
export interface LogSummary {
  readonly origin: string
  /** Number of leaves. */
  readonly size: number
  /** Base64. */
  readonly root: string
  /** Which of the keys that the log announces signed its newest checkpoint; absent: none did. */
  readonly keyId?: string
  /** The newest seal: what was created before its `settledBefore` is in the log. */
  readonly seal?: SealLeaf
}

export const summaryOfLog = ({ origin, size, root, signer, seal }: ProvableLog): LogSummary => ({
  origin,
  size,
  root: root.toString('base64'),
  ...(signer === undefined ? {} : { keyId: signer.keyId }),
  ...(seal === undefined ? {} : { seal }),
})
