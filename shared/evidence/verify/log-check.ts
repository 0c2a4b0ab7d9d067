import type { X509Certificate } from 'node:crypto'
import { parseCheckpoint, type SignedCheckpoint } from '../checkpoint.ts'
import { type Leaf, parseLeaf } from '../leaf.ts'
import { checkpointName, commitName, NEWEST_CHECKPOINT, sizeOf } from '../log-layout.ts'
import { type NoteVerdict, type VerifierKey, verifyNote } from '../note.ts'
import type { Anchor } from './anchor.ts'
import type { EvidenceCopy } from './evidence-copy.ts'
import type { RawFinding } from './finding.ts'
import { bundledEntries, committedEntries, type Entries } from './log-entries.ts'
import { checkKeyFiles, checkTimestamps } from './log-files.ts'
import { checkTiles } from './tile-check.ts'
import { announcedKeys, trustedKeys, verifierOf } from './trusted-keys.ts'

/** What the caller trusts besides the log. */
export interface Trust {
  /** DER, SubjectPublicKeyInfo. */
  readonly keys: readonly Buffer[]
  readonly anchors: readonly Anchor[]
  /** Of time stamp authorities, or of who certifies them. */
  readonly timestampAuthorities?: readonly X509Certificate[]
}

/** A log that was checked. */
export interface CheckedLog {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  /** By index; `undefined`: of a later version. */
  readonly leaves: readonly (Leaf | undefined)[]
  readonly entries: Entries
  readonly checkpoints: readonly { readonly size: number; readonly isSigned: boolean }[]
  readonly newest: { readonly name: string; readonly checkpoint: SignedCheckpoint } | undefined
  readonly keys: readonly VerifierKey[]
  readonly tiles: number
  readonly timestamps: number
  readonly timestampsVerified: number
  readonly anchors: number
}

type Named = { readonly name: string; readonly checkpoint: SignedCheckpoint }

async function readCheckpoints(
  copy: EvidenceCopy,
  names: ReadonlySet<string>,
  findings: RawFinding[],
): Promise<readonly Named[]> {
  const found: Named[] = []
  for (const name of names) {
    const size = sizeOf(name)
    if (size === undefined && name !== NEWEST_CHECKPOINT) continue
    const content = await copy.read(name)
    const checkpoint = content === undefined ? undefined : parseCheckpoint(content)
    if (checkpoint === undefined)
      findings.push({ class: 'SIGNATURE_BAD', subject: name, detail: 'not a checkpoint' })
    else found.push({ name, checkpoint })
  }
  return found
}

const problemOf = (
  { status }: NoteVerdict,
  isSignedLog: boolean,
): 'SIGNATURE_BAD' | 'KEY_UNKNOWN' | undefined => {
  switch (status) {
    case 'signed':
      return undefined
    case 'bad':
      return 'SIGNATURE_BAD'
    case 'unknownKey':
      return 'KEY_UNKNOWN'
    case 'unsigned':
      return isSignedLog ? 'SIGNATURE_BAD' : undefined
  }
}

/** The source of entries that a checkpoint confirms; the longer one if none does. */
function chosen(sources: readonly Entries[], checkpoints: readonly Named[]): Entries {
  const confirmed = ({ tree }: Entries): number =>
    Math.max(
      0,
      ...checkpoints.flatMap(({ checkpoint: { size, root } }) =>
        size <= tree.size && tree.root(size).equals(root) ? size : [],
      ),
    )
  const [best] = sources.toSorted((a, b) => confirmed(b) - confirmed(a) || b.tree.size - a.tree.size)
  return best as Entries
}

function checkAnchors(anchors: readonly Anchor[], { tree }: Entries, findings: RawFinding[]): void {
  for (const { size, root, source } of anchors)
    if (size > tree.size || !tree.root(size).equals(root))
      findings.push({
        class: 'ANCHOR_MISMATCH',
        subject: source,
        detail:
          size > tree.size ? `size ${size}, the log ends at ${tree.size}` : `another root at size ${size}`,
        isBehindEnd: size > tree.size,
      })
}

/** Compares the commits with the entries that a checkpoint confirms. */
function checkCommits(committed: Entries, { entries }: Entries, head: number, findings: RawFinding[]): void {
  const bad = (first: number, detail: string) =>
    findings.push({ class: 'LOG_INCONSISTENT', subject: commitName(first), detail })
  let first = 0
  for (const end of committed.ends) {
    if (committed.entries.slice(first, end).some((entry, at) => entries[first + at]?.equals(entry) !== true))
      bad(first, 'differs from what was signed')
    first = end
  }
  if (first < head && !findings.some((one) => one.class === 'LOG_INCONSISTENT'))
    bad(first, `commits end at ${first}, a checkpoint says ${head}`)
}

/** Where commits end, by their own last leaves. */
const sealEnds = (leaves: readonly (Leaf | undefined)[]): readonly number[] =>
  leaves.flatMap((leaf, index) => (leaf?.type === 'seal' ? index + 1 : []))

/**
 * Checks a log against itself, and against what the caller trusts.
 * @returns `undefined` if there is none
 */
export async function checkLog(
  copy: EvidenceCopy,
  trust: Trust,
  findings: RawFinding[],
): Promise<CheckedLog | undefined> {
  const names = new Set<string>()
  for await (const name of copy.logNames()) names.add(name)
  if (names.size === 0) return undefined
  const all = await readCheckpoints(copy, names, findings)
  const committed = await committedEntries(copy, names, findings)
  const head = Math.max(0, ...all.map(({ checkpoint }) => checkpoint.size))
  const bundled = await bundledEntries(copy, names, Math.min(head, 100_000_000))
  const entries = chosen([committed, bundled], all)
  const { tree } = entries
  checkCommits(committed, entries, head, findings)
  const isPrefix = ({ checkpoint: { size, root } }: Named) =>
    size <= tree.size && tree.root(size).equals(root)
  const consistent = all.filter(isPrefix)
  const leaves = entries.entries.map(parseLeaf)
  const announced = announcedKeys(leaves)
  const keys = trustedKeys(
    trust.keys,
    announced,
    consistent.map(({ checkpoint }) => checkpoint),
  )
  const isSignedLog = keys.length > 0
  const checkpoints: { size: number; isSigned: boolean }[] = []
  for (const one of all) {
    const { name, checkpoint } = one
    const verdict = verifyNote(checkpoint.note, keys)
    const problem = problemOf(verdict, isSignedLog)
    const named = sizeOf(name)
    if (problem !== undefined)
      findings.push({
        class: problem,
        subject: name,
        detail: `size ${checkpoint.size}${verdict.status === 'unknownKey' ? `, signed by ${verdict.keyIds.join(', ')}` : ''}`,
        keyId: verdict.status === 'unknownKey' ? verdict.keyIds[0] : undefined,
      })
    else if (!isPrefix(one))
      findings.push({ class: 'LOG_INCONSISTENT', subject: name, detail: 'not the beginning of the log' })
    else if (named !== undefined && named !== checkpoint.size)
      findings.push({ class: 'LOG_INCONSISTENT', subject: name, detail: `is of size ${checkpoint.size}` })
    if (named !== undefined) checkpoints.push({ size: named, isSigned: problem === undefined && isSignedLog })
  }
  for (const name of names) {
    const size = sizeOf(name)
    if (size !== undefined && !checkpoints.some((one) => one.size === size))
      checkpoints.push({ size, isSigned: false })
  }
  const missing = [...new Set([...entries.ends, ...sealEnds(leaves)])].filter(
    (end) => !names.has(checkpointName(end)),
  )
  for (const end of missing)
    findings.push({
      class: 'CHECKPOINT_MISSING',
      subject: checkpointName(end),
      detail: `a commit ends at ${end}`,
    })
  if (!names.has(NEWEST_CHECKPOINT))
    findings.push({ class: 'CHECKPOINT_MISSING', subject: NEWEST_CHECKPOINT, detail: 'the newest one' })
  const newest = consistent.toSorted((a, b) => b.checkpoint.size - a.checkpoint.size)[0]
  const current = all.find(({ name }) => name === NEWEST_CHECKPOINT)
  if (current !== undefined && newest !== undefined && current.checkpoint.size < newest.checkpoint.size)
    findings.push({
      class: 'NEWEST_BEHIND',
      subject: NEWEST_CHECKPOINT,
      detail: `size ${current.checkpoint.size}`,
    })
  if (!isSignedLog) findings.push({ class: 'WORM_ONLY', subject: 'log', detail: 'no key' })
  else if (trust.keys.length === 0)
    findings.push({
      class: 'KEY_NOT_GIVEN',
      subject: 'keys',
      detail: keys.map(({ keyId }) => keyId).join(', '),
    })
  const tiles = await checkTiles(copy, names, entries, Math.min(head, tree.size), findings)
  await checkKeyFiles(
    copy,
    names,
    announced.flatMap((one) => verifierOf(one) ?? []),
    findings,
  )
  const timestamps = await checkTimestamps(copy, names, trust.timestampAuthorities ?? [], findings)
  checkAnchors(trust.anchors, entries, findings)
  const unknown = leaves.filter((leaf) => leaf === undefined).length
  if (unknown > 0) findings.push({ class: 'UNKNOWN_LEAF', subject: 'log', detail: `${unknown} entries` })
  return {
    origin: newest?.checkpoint.origin ?? '',
    size: newest?.checkpoint.size ?? 0,
    root: tree.root(newest?.checkpoint.size ?? 0),
    leaves,
    entries,
    checkpoints,
    newest,
    keys,
    tiles,
    ...timestamps,
    anchors: trust.anchors.length,
  }
}
