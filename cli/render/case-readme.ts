const FILES = `records.csv     the records as a table: opens in a spreadsheet. An apostrophe before a
                cell that would be computed is ours, control characters are replaced.
records.jsonl   the same records as lines of the archive, byte for byte. Each has the event and,
                at its end, the record exactly as it was sent; "digest" is its SHA-256.
blobs.jsonl     the archive blobs those lines come from: hash and size when this folder was made,
                and the leaf of the archive's log about the blob, if there was one.
manifest.json   who made this folder, when, with which query, and the SHA-256 of each other file.
`

const LOG = `checkpoint      the newest signed head of the archive's log, as it was stored.
log-key-*.pem   the public keys that the log names.
`

const SIGNATURE = `manifest.sig    a signature of manifest.json, and
manifest-key.pem  the public key to check it:
                openssl dgst -sha256 -verify manifest-key.pem -signature manifest.sig manifest.json
`

const WORTH_SIGNED = `The manifest is signed with a key that whoever made the folder chose. The signature shows that
nobody without that key changed the manifest since. It does not show who held the key: compare
manifest-key.pem with what you received by another way.`

const WORTH_UNSIGNED = `The manifest is not signed. Its hashes show an accidental change, and nothing against a person
who changes a file and the manifest with it. Keep the SHA-256 of manifest.json elsewhere.`

const TRUST = `This folder is a copy that one person made. "by" in the manifest is what the machine and the
sign-in said. The time is that of the machine. blobs.jsonl compares each blob with the log; it
does not check the log, and does not prove that no record is missing: that takes the archive and
its log.`

/** The text that lies in a case, for whoever opens it first. */
export const caseReadme = ({
  isSigned,
  hasLog,
}: {
  readonly isSigned: boolean
  readonly hasLog: boolean
}): string => `Records of the archive of Entra risk export

${FILES}${hasLog ? LOG : ''}${isSigned ? SIGNATURE : ''}
To check the hashes: sha256sum FILE (Linux), shasum -a 256 FILE (macOS),
Get-FileHash FILE (PowerShell).

What this is worth

${isSigned ? WORTH_SIGNED : WORTH_UNSIGNED}

${TRUST}
`
