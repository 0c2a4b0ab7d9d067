/** Archive blobs, below their names. */
export const CASE_BLOBS = 'archive'
export const CASE_PROOFS = 'proofs'
/** The time stamp of the checkpoint that all proofs lead to. */
export const CASE_TIMESTAMP = 'checkpoint.tsr'
export const caseKeyName = (keyId: string, kind: 'pem' | 'vkey'): string => `log-key-${keyId}.${kind}`
