const FILES = `records.csv     the records as a table: opens in a spreadsheet. An apostrophe before a
                cell that would be computed is ours, control characters are replaced.
records.jsonl   the same records as lines of the archive, byte for byte. Each has the event and,
                at its end, the record exactly as it was sent; "digest" is its SHA-256.
archive/        the archive blobs those lines come from, as they are stored. They hold whatever
                else came in the same batch.
blobs.jsonl     for each blob its hash and size, and the leaf of the archive's log about it, if
                there was one.
manifest.json   who made this folder, when, with which query, and the SHA-256 of each other file.
`

const LOG = `proofs/         for each record a proof that its blob is in the log. The name begins with the
                number of the record (1: the first line of records.jsonl) and has its event id.
checkpoint.txt  the head of the log that all proofs lead to.
checkpoint.tsr  its RFC 3161 time stamp, if it has one.
log-key-*       the public keys that the log names: .pem for openssl, .vkey for tools of notes.
`

const SIGNATURE = `manifest.sig    a signature of manifest.json, and
manifest-key.pem  the public key to check it:
                openssl dgst -sha256 -verify manifest-key.pem -signature manifest.sig manifest.json
`

const HASHES = `To check the hashes: sha256sum FILE (Linux), shasum -a 256 FILE (macOS),
Get-FileHash FILE (PowerShell).
`

const CHECK = `To check a record, without any network or account:
risk-export check-proof proofs/FILE.tlog-proof --key KEY.pem
It shows that the record is a line of its blob, that the blob is the one in its leaf, that the leaf
is in the log of the head, and that the key signed the head. KEY.pem is the public key of the log
that you were given by another way than this folder; without --key, the one in this folder is
used, which shows only that the folder agrees with itself. The blob must stay in archive/.
The proofs have the open form c2sp.org/tlog-proof, the head and the keys that of signed notes
(c2sp.org/signed-note): other tools check them as well. "extra" in a proof is JSON in base64: the
leaf, and the line of the record in its blob, counted from 0.
`

const UNPROVEN = `A record without a proof is in a blob that the log does not have yet, or that is not what the log
says: blobs.jsonl tells which.
`

const WORTH_SIGNED = `The manifest is signed with a key that whoever made the folder chose. The signature shows that
nobody without that key changed the manifest since. It does not show who held the key: compare
manifest-key.pem with what you received by another way.`

const WORTH_UNSIGNED = `The manifest is not signed. Its hashes show an accidental change, and nothing against a person
who changes a file and the manifest with it. Keep the SHA-256 of manifest.json elsewhere.`

const WORTH_LOG = {
  none: 'The archive has no log: nothing here proves that the records are what the archive received.',
  unsigned: `The head of the log is not signed: the proofs show that records, blobs and head fit each other,
and check-proof says that no key signed them. Compare checkpoint.txt with a head that was
published elsewhere, such as the rows of heartbeats in Log Analytics.`,
  signed: `The proofs hold against everyone who does not have the key of the log.`,
} as const

const TRUST = `This folder is a copy that one person made. "by" in the manifest is what the machine and the
sign-in said. The time is that of the machine. It does not prove that no record is missing: that
takes the archive and its log, and risk-export verify.`

/** The text that lies in a case, for whoever opens it first. */
export const caseReadme = ({
  isSigned,
  log,
}: {
  readonly isSigned: boolean
  readonly log: keyof typeof WORTH_LOG
}): string => `Records of the archive of Entra risk export

${FILES}${log === 'none' ? '' : LOG}${isSigned ? SIGNATURE : ''}
How to check it

${HASHES}${log === 'none' ? '' : `\n${CHECK}\n${UNPROVEN}`}
What this is worth

${WORTH_LOG[log]}

${isSigned ? WORTH_SIGNED : WORTH_UNSIGNED}

${TRUST}
`
