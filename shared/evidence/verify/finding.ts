/** How much a finding weighs; the heaviest one is the verdict. */
export type Weight = 'note' | 'incomplete' | 'integrity' | 'unknown'

interface FindingClass {
  readonly weight: Weight
  readonly meaning: string
  readonly remedy: string
}

const RESTORE = 'Find out who may write to the container, and restore the blob from a copy of that time.'

/** What verification can find, the root causes first. */
export const FINDING_CLASSES = {
  NOTHING_FOUND: {
    weight: 'unknown',
    meaning: 'There is nothing to verify here: no log, or no archive.',
    remedy: 'Check the folder: it must hold copies of the containers archive, evidence and evidence-fixed.',
  },
  KEY_UNKNOWN: {
    weight: 'integrity',
    meaning: 'A checkpoint is signed by a key that is neither given nor announced in the signed log.',
    remedy:
      'Compare the key with the one you were given on another way. If it is foreign, the log is not ours.',
  },
  SIGNATURE_BAD: {
    weight: 'integrity',
    meaning: 'A checkpoint is malformed, or its signature does not fit its text.',
    remedy: RESTORE,
  },
  ANCHOR_MISMATCH: {
    weight: 'integrity',
    meaning: 'The log says something else than a size and root that were kept outside of it.',
    remedy: 'The log was cut off or written anew after that time. Treat everything since as unproven.',
  },
  LOG_INCONSISTENT: {
    weight: 'integrity',
    meaning: 'Commits, tiles, entries and checkpoints of the log do not fit each other.',
    remedy: RESTORE,
  },
  CHECKPOINT_MISSING: {
    weight: 'integrity',
    meaning: 'The log has a commit, but not the checkpoint of its size.',
    remedy: 'Run the app once more: it completes a seal that was cut off. Otherwise find out who deleted it.',
  },
  TIMESTAMP_BAD: {
    weight: 'integrity',
    meaning: 'A time stamp is not one of its checkpoint, or not signed by an authority that is trusted.',
    remedy:
      'Compare the certificate with the one you were given on another way; if it is right, the time is not proven.',
  },
  BLOB_MISSING: {
    weight: 'integrity',
    meaning: 'A blob that was sealed is not in the archive.',
    remedy: 'Complete the copy; if the archive itself lacks it, find out who deleted it.',
  },
  BLOB_CHANGED: {
    weight: 'integrity',
    meaning: 'A blob is not what was sealed, or its name is not that of its content.',
    remedy: RESTORE,
  },
  TRAILING_DATA: {
    weight: 'integrity',
    meaning: 'A sealed blob is unchanged, but something was appended to it.',
    remedy: RESTORE,
  },
  RECORD_CHANGED: {
    weight: 'integrity',
    meaning:
      'The text of a record does not fit its digest, or counts, ids or events do not follow from the records.',
    remedy: 'The blob was made or changed by something else than this program. Do not rely on it.',
  },
  RANGE_CONFLICT: {
    weight: 'integrity',
    meaning: 'Two blobs hold the same message with different records.',
    remedy: 'One of them is not from the hub. The one sealed first is the more credible.',
  },
  GAP: {
    weight: 'incomplete',
    meaning: 'Messages that the hub had are not in the archive.',
    remedy: 'They are lost if the hub no longer has them. Look for an outage longer than its retention.',
  },
  UNSEALED: {
    weight: 'incomplete',
    meaning: 'A blob is not in the log, though later ones of its partition are.',
    remedy: 'The next seal adds a blob that came late. If it stays, find out who wrote it.',
  },
  UNSEALED_TAIL: {
    weight: 'note',
    meaning: 'A blob came after the last seal.',
    remedy: 'Nothing to do: the next seal adds it.',
  },
  PENDING: {
    weight: 'note',
    meaning: 'The hub had messages that were not archived yet when it was asked.',
    remedy: 'Nothing to do, unless the number grows.',
  },
  STARTS_AT: {
    weight: 'note',
    meaning: 'The archive of a partition does not begin with its first message.',
    remedy: 'Nothing to do: messages from before belong to the time before the export.',
  },
  NEW_INCARNATION: {
    weight: 'note',
    meaning: 'The hub was created anew under its old name: sequence numbers began again.',
    remedy: 'Ask who deleted it; messages that were not read by then are lost.',
  },
  SEALED_UNREADABLE: {
    weight: 'note',
    meaning: 'A blob was no archive blob when it was sealed; it is unchanged since.',
    remedy: 'Find out who wrote it.',
  },
  POLICY_UNLOCKED: {
    weight: 'note',
    meaning:
      'Nothing stops an administrator from deleting a container: its immutability policy is unlocked, or there is none.',
    remedy: 'Lock it (infra/lock-archive.sh). Until then only signatures and anchors show a deletion.',
  },
  POLICY_NOT_READ: {
    weight: 'note',
    meaning: 'Whether the immutability policy of a container is locked was not looked at.',
    remedy:
      'Verify as a Reader of the account, or give what az storage container immutability-policy show prints with --policy.',
  },
  NOT_REDERIVED: {
    weight: 'note',
    meaning: 'Lines were made by another version of this program, which reads their records otherwise.',
    remedy: 'Nothing to do: the records are as they were sent. To compare them, verify with that version.',
  },
  UNKNOWN_LEAF: {
    weight: 'note',
    meaning: 'The log has entries of a later version of this program.',
    remedy: 'Verify with a newer version.',
  },
  NEWEST_BEHIND: {
    weight: 'note',
    meaning: 'The blob checkpoint is older than the newest one under checkpoints/.',
    remedy: 'The next seal writes it again.',
  },
  KEY_NOT_GIVEN: {
    weight: 'note',
    meaning: 'Signatures were checked with the key that the log itself announces.',
    remedy: 'Compare the key with the one you were given on another way, or give it with --key.',
  },
  WORM_ONLY: {
    weight: 'note',
    meaning: 'The log has no signatures: only the write protection of its containers guards it.',
    remedy: 'Set up a signing key (EVIDENCE_KEY_VAULT_URI), or compare the log with an --anchor.',
  },
  TIMESTAMP_NOT_CHECKED: {
    weight: 'note',
    meaning: 'Time stamps name the right checkpoints; their signatures were not checked.',
    remedy: 'Give the certificate of who certifies their authority with --tsa-ca.',
  },
} as const satisfies Readonly<Record<string, FindingClass>>

export type FindingName = keyof typeof FINDING_CLASSES

/** A finding with what tells its cause. */
export interface RawFinding extends Finding {
  /** Of the unknown key. */
  readonly keyId?: string | undefined
  /** The log ends before what was kept outside of it. */
  readonly isBehindEnd?: boolean
}

/** Something that verification found. */
export interface Finding {
  readonly class: FindingName
  /** A file, or a partition of a hub. */
  readonly subject: string
  /** What exactly, in one line. */
  readonly detail: string
  /** What follows from it alone, and goes when it is mended; it stands nowhere else. */
  readonly consequences?: readonly Finding[]
}

export type Status = 'ok' | 'integrity' | 'incomplete' | 'unknown'

const CLASS_NAMES = Object.keys(FINDING_CLASSES) as readonly FindingName[]

export const weightOf = (finding: Finding): Weight => FINDING_CLASSES[finding.class].weight

/** Findings and all that follows from them. */
export const withConsequences = (findings: readonly Finding[]): readonly Finding[] =>
  findings.flatMap((one) => [one, ...withConsequences(one.consequences ?? [])])

/** Root causes before what may follow from them. */
export const inOrder = <F extends Finding>(findings: readonly F[]): readonly F[] =>
  findings.toSorted(
    (a, b) => CLASS_NAMES.indexOf(a.class) - CLASS_NAMES.indexOf(b.class) || (a.subject < b.subject ? -1 : 1),
  )

/** The verdict over all findings. */
export function statusOf(findings: readonly Finding[]): Status {
  const weights = new Set(withConsequences(findings).map(weightOf))
  for (const weight of ['unknown', 'integrity', 'incomplete'] as const) if (weights.has(weight)) return weight
  return 'ok'
}
