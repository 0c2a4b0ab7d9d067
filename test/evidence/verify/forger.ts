import { createPublicKey } from 'node:crypto'
import type { Prng } from '../../../local/checks/chaos/prng.ts'
import { describeBlob } from '../../../shared/evidence/describe-blob.ts'
import {
  type ArchiveLeaf,
  LEAF_VERSION,
  type Leaf,
  leafBytes,
  parseLeaf,
} from '../../../shared/evidence/leaf.ts'
import { NEWEST_CHECKPOINT } from '../../../shared/evidence/log-layout.ts'
import { newKeyPem, ORIGIN } from '../../support/evidence-world.ts'
import { rewritten, withOtherRecord } from './rewritten-blob.ts'
import type { Files, StoredBlob } from './sealed-copy.ts'
import { commitsIn, pathOf, writtenLog } from './written-log.ts'

/** Key of someone who may write to every container, and has no other. */
const FORGER = newKeyPem()

/** Another leaf in place of one, and another blob in place of its own; no leaf: it goes. */
interface Forged {
  readonly leaf: Leaf | undefined
  readonly blob?: StoredBlob
}

const changed = ({ name }: ArchiveLeaf, files: Files, change: (line: string) => string): Forged => {
  const blob = rewritten(files.get(`archive/${name}`) as Buffer, change)
  return { leaf: describeBlob(blob.name, blob.content), blob }
}

const FORGERS_LEAF: Leaf = {
  v: LEAF_VERSION,
  type: 'key',
  name: ORIGIN,
  publicKey: createPublicKey(FORGER).export({ format: 'der', type: 'spki' }).toString('base64'),
  location: 'local',
}
const NEWEST = pathOf(NEWEST_CHECKPOINT)

/** What someone wants to be untrue about the past; each in a way that fits its blob and its leaf. */
const LIES: Readonly<Record<string, (leaf: Leaf, files: Files) => Forged | undefined>> = {
  'another record': (leaf, files) =>
    leaf.type === 'archive' ? changed(leaf, files, withOtherRecord) : undefined,
  'no record': (leaf) => (leaf.type === 'archive' ? { leaf: undefined } : undefined),
  'a record that was none': (leaf) =>
    leaf.type === 'archive'
      ? {
          leaf: describeBlob(leaf.name, Buffer.from('junk')),
          blob: { name: leaf.name, content: Buffer.from('junk') },
        }
      : undefined,
  'a hub with less': (leaf) =>
    leaf.type === 'partition'
      ? { leaf: { ...leaf, lastSequenceNumber: Math.max(-1, leaf.lastSequenceNumber - 1) } }
      : undefined,
  'a hub that was never asked': (leaf) => (leaf.type === 'partition' ? { leaf: undefined } : undefined),
  'another time': (leaf) =>
    leaf.type === 'seal' ? { leaf: { ...leaf, at: '2026-11-02T00:00:00.000Z' } } : undefined,
}

const pick = <T>(chance: Prng, list: readonly T[]): T => list[chance.below(list.length)] as T

/** The leaves of a log with some lies in them; blobs of the archive are changed to fit. */
function lie(files: Files, chance: Prng, words: string[]) {
  const commits = commitsIn(files).map((entries) => entries.map((entry) => parseLeaf(entry) as Leaf))
  const firstForged = { commit: commits.length }
  for (let left = 1 + chance.below(3); left > 0; ) {
    const at = chance.below(commits.length)
    const leaves = commits[at] as Leaf[]
    const index = chance.below(leaves.length)
    const leaf = leaves[index] as Leaf
    const [name, told] = pick(chance, Object.entries(LIES))
    const forged = told(leaf, files)
    if (forged === undefined) continue
    if (leaf.type === 'archive') files.delete(`archive/${leaf.name}`)
    if (forged.blob !== undefined) files.set(`archive/${forged.blob.name}`, forged.blob.content)
    leaves.splice(index, 1, ...(forged.leaf === undefined ? [] : [forged.leaf]))
    words.push(`${name} in commit ${at}`)
    firstForged.commit = Math.min(firstForged.commit, at)
    left -= 1
  }
  return { commits, from: firstForged.commit }
}

/** How heads are signed of what was forged. */
const SIGNERS = {
  'by the forger': (commits) => commits,
  'by the forger, whose key is the first of the log': (commits) =>
    commits.map((leaves) => leaves.map((leaf) => (leaf.type === 'key' ? FORGERS_LEAF : leaf))),
  'by the forger, whose key is announced with the forged commit': (commits, from) =>
    commits.map((leaves, at) => (at === from ? [FORGERS_LEAF, ...leaves] : leaves)),
  'by nobody': (commits) => commits,
  'with heads that were signed before': (commits) => commits,
} as const satisfies Readonly<Record<string, (commits: Leaf[][], from: number) => Leaf[][]>>

const headsIn = (files: Files): readonly string[] =>
  [...files.keys()].filter((path) => /\/checkpoints\/\d+$/.test(path)).sort()

/**
 * Rewrites archive and log as someone would who may replace every blob, but neither has the key nor
 * can reach the anchors: records, digests, names, leaves, commits, tiles, bundles, heads and keys,
 * all of them fitting each other as well as can be.
 * @returns how, in words
 */
export function forge(files: Files, chance: Prng): string {
  const before: Files = new Map(files)
  const words: string[] = []
  const { commits, from } = lie(files, chance, words)
  const [signer, announce] = pick(chance, Object.entries(SIGNERS))
  const leaves = announce(commits, from)
  const pem = signer === 'by nobody' ? undefined : FORGER
  const log = writtenLog(
    leaves.map((own) => own.map(leafBytes)),
    ORIGIN,
    pem,
  )
  const isCleaned = chance.chance(0.5)
  if (isCleaned) for (const path of before.keys()) if (!path.startsWith('archive/')) files.delete(path)
  for (const [path, content] of log) files.set(path, content)
  const ours = headsIn(before)
  for (const [at, path] of headsIn(log).entries()) {
    const own = before.get(ours[at] as string)
    if (own === undefined) continue
    // What was before the first lie is true, and so are its heads.
    if (at < from && chance.chance(0.8)) files.set(path, own)
    else if (at >= from && signer === 'with heads that were signed before')
      files.set(path, before.get(pick(chance, ours)) as Buffer)
  }
  const newest = pick(chance, ['forged', 'ours', 'older'] as const)
  if (newest === 'ours') files.set(NEWEST, before.get(NEWEST) as Buffer)
  if (newest === 'older') files.set(NEWEST, before.get(pick(chance, ours)) as Buffer)
  words.push(`heads signed ${signer}`, `newest head ${newest}`, isCleaned ? 'nothing left over' : 'rest kept')
  return words.join(', ')
}
