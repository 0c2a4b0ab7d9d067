import { type Instant, instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { type Commit, commitBytes, commitOf, parseCommit } from '../commit.ts'
import { describeBlob } from '../describe-blob.ts'
import { EvidenceError } from '../evidence-error.ts'
import type { LogKey } from '../keys/signing-keys.ts'
import { type KeyLeaf, LEAF_VERSION, type Leaf, type PartitionLeaf } from '../leaf.ts'
import { commitName } from '../log-layout.ts'
import { keyIdOf } from '../note.ts'
import { ahead } from './ahead.ts'
import { finish } from './finish.ts'
import { type LogHead, readHead, repair } from './log-head.ts'
import { type Recalled, recall } from './recall.ts'
import type { ListedBlob, PartitionState, SealOptions, SealPorts } from './seal-ports.ts'

const HOUR_MS = 3_600_000
const MAX_BLOBS = 2000
const READS_AT_ONCE = 8
const MAX_ATTEMPTS = 10

/** What a run did, and where the log ends. */
export interface SealReport {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  /** Blobs added by this process. */
  readonly blobs: number
  /** Commits added by this process. */
  readonly commits: number
}

interface Unsealed {
  readonly at: Instant
  readonly blobs: readonly ListedBlob[]
  readonly recalled: Recalled
}

/** Completes commits that other processes wrote, up to the end of the log. */
async function catchUp(head: LogHead, ports: SealPorts): Promise<LogHead> {
  let at = head
  for (;;) {
    const first = at.edge.size
    const content = await ports.log.read(commitName(first))
    if (content === undefined) return at
    const commit = parseCommit(first, content)
    if (commit === undefined) throw new EvidenceError('foreignCommit')
    at = await finish(at, commit, ports, false)
  }
}

/** Blobs that are not in the log, and old enough, the oldest first. */
async function findUnsealed(head: LogHead, ports: SealPorts, options: SealOptions): Promise<Unsealed> {
  const { at, days } = await ports.archive.days()
  const { edge } = head
  const recalled = await recall(ports.log, { size: edge.size, root: edge.root() }, at, options.lookBackMs)
  const found: ListedBlob[] = []
  for (const day of days.filter((one) => one >= recalled.listedFrom))
    for await (const blob of ports.archive.blobsOf(day))
      if (blob.createdAt < at - options.settleMs && !recalled.has(blob.name)) found.push(blob)
  return {
    at,
    blobs: found.sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1)),
    recalled,
  }
}

async function blobLeaves(blobs: readonly ListedBlob[], { archive }: SealPorts): Promise<Leaf[]> {
  const leaves: Leaf[] = []
  const read = async ({ name }: ListedBlob) => {
    const stored = await archive.read(name)
    return stored === undefined ? undefined : describeBlob(name, stored)
  }
  for await (const leaf of ahead(blobs, READS_AT_ONCE, read)) if (leaf !== undefined) leaves.push(leaf)
  return leaves
}

const keyLeaf = (origin: string, { spki, location }: LogKey): KeyLeaf => ({
  v: LEAF_VERSION,
  type: 'key',
  name: origin,
  publicKey: spki.toString('base64'),
  location,
})

const partitionLeaf = (at: Instant, state: PartitionState): PartitionLeaf => ({
  v: LEAF_VERSION,
  type: 'partition',
  at: isoInstant(at),
  namespace: state.namespace,
  hub: state.hub,
  hubCreatedAt: isoInstant(state.hubCreatedAt),
  partition: state.partition,
  isEmpty: state.isEmpty,
  beginningSequenceNumber: Math.max(0, state.beginningSequenceNumber),
  lastSequenceNumber: state.lastSequenceNumber,
  lastEnqueuedAt: isoInstant(state.lastEnqueuedAt),
})

async function partitionLeaves(at: Instant, { partitions, onProblem }: SealPorts): Promise<readonly Leaf[]> {
  try {
    return (await partitions()).map((state) => partitionLeaf(at, state))
  } catch (error) {
    onProblem('partitionsNotRead', error)
    return []
  }
}

/** A commit that is ours, or nothing if another process was faster. */
async function commit(head: LogHead, leaves: readonly Leaf[], ports: SealPorts): Promise<Commit | undefined> {
  const made = commitOf(head.edge.size, leaves)
  if ((await ports.log.create(commitName(made.first), commitBytes(made))) === 'other') return undefined
  await ports.failpoint('commitWritten')
  return made
}

const isDue = ({ recalled: { lastSeal }, at }: Unsealed): boolean =>
  lastSeal === undefined || at - Date.parse(lastSeal.at) >= HOUR_MS

/** Adds what is not in the log; `undefined` if another process was faster. */
async function sealOnce(ports: SealPorts, options: SealOptions): Promise<SealReport | undefined> {
  let head = await catchUp(await readHead(ports.log, ports.keys, options.origin), ports)
  const current = await ports.keys?.current()
  const unsealed = await findUnsealed(head, ports, options)
  const { at, blobs, recalled } = unsealed
  const max = options.maxBlobs ?? MAX_BLOBS
  const report = { blobs: 0, commits: 0 }
  let isWanted = blobs.length > 0 || isDue(unsealed)
  for (let start = 0; isWanted && !ports.signal.aborted; start += max) {
    const part = blobs.slice(start, start + max)
    const next = blobs[start + max]
    const added = await blobLeaves(part, ports)
    const leaves: readonly Leaf[] = [
      ...(current === undefined || keyIdOf(current.spki) === head.signer
        ? []
        : [keyLeaf(head.origin, current)]),
      ...added,
      ...(next === undefined ? await partitionLeaves(at, ports) : []),
      {
        v: LEAF_VERSION,
        type: 'seal',
        at: isoInstant(at),
        settledBefore: isoInstant(next?.createdAt ?? instant(at - options.settleMs)),
        // Whoever goes on after a crash looks at the whole archive again.
        listedFrom: next === undefined ? recalled.listedFrom : recalled.recentFrom,
        programVersion: options.programVersion,
      },
    ]
    const made = await commit(head, leaves, ports)
    if (made === undefined) return undefined
    head = await finish(head, made, ports, true)
    report.blobs += added.length
    report.commits += 1
    isWanted = next !== undefined
  }
  return { origin: head.origin, size: head.edge.size, root: head.edge.root(), ...report }
}

/**
 * Adds every archive blob that is not in the log to it, and signs its new head; one seal an hour
 * even when nothing came. Any number of processes may run it at once: a commit's name is the place
 * of its first leaf, so that only one can be written for each place, and only what was written is
 * signed.
 * @throws EvidenceError if the log cannot be continued; whatever the ports throw
 */
export async function seal(ports: SealPorts, options: SealOptions): Promise<SealReport> {
  let isRepaired = false
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    try {
      const report = await sealOnce(ports, options)
      if (report !== undefined) return report
    } catch (error) {
      if (!(error instanceof EvidenceError) || error.code !== 'damaged' || isRepaired) throw error
      isRepaired = true
      await repair(ports.log, ports.keys)
    }
  }
  throw new EvidenceError('contended')
}
