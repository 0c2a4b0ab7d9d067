/** Why the log could not be continued. Nothing is lost: the next seal tries again. */
export const EVIDENCE_PROBLEMS = {
  keyLost:
    'The log is signed with a key that the settings do not hold. Restore the key, or start a new log with another EVIDENCE_LOG.',
  notOurs:
    'The newest checkpoint of the log is not signed by a key of this deployment. Find out who wrote it before anything else; then restore it, or start a new log with another EVIDENCE_LOG.',
  damaged:
    'Commits, tiles and newest checkpoint of the log do not fit each other. Run risk-export verify, and find out who may write to its containers.',
  foreignCommit:
    'A commit of the log says something else than the archive, or announces a key that the settings do not hold. Find out who may write to its containers.',
  contended: 'Other instances were faster in every attempt. The next seal tries again.',
  keyAnswer: 'Key Vault gave no usable answer. Check the key, its name, and the role of the app on it.',
  timestampAnswer: 'The time stamp authority gave no usable answer. Check TIMESTAMP_AUTHORITY_URL.',
} as const

export type EvidenceProblem = keyof typeof EVIDENCE_PROBLEMS

export class EvidenceError extends Error {
  override readonly name = 'EvidenceError'
  readonly code: EvidenceProblem

  constructor(code: EvidenceProblem, cause?: unknown) {
    super(EVIDENCE_PROBLEMS[code], cause === undefined ? {} : { cause })
    this.code = code
  }
}
