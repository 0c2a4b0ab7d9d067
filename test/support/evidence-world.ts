import { generateKeyPairSync } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { type Instant, instant } from '../../shared/domain/identifiers.ts'
import { parseCheckpoint, type SignedCheckpoint } from '../../shared/evidence/checkpoint.ts'
import { type Commit, parseCommit } from '../../shared/evidence/commit.ts'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import type { SigningKeys } from '../../shared/evidence/keys/signing-keys.ts'
import type { Leaf } from '../../shared/evidence/leaf.ts'
import { commitName, firstLeafOf, NEWEST_CHECKPOINT, sizeOf } from '../../shared/evidence/log-layout.ts'
import type { LogStore } from '../../shared/evidence/log-store.ts'
import { leafHash, MerkleTree } from '../../shared/evidence/merkle.ts'
import { verifierKeyOf, verifyNote } from '../../shared/evidence/note.ts'
import type {
  ListedBlob,
  PartitionState,
  SealedArchive,
  SealOptions,
  SealPorts,
} from '../../shared/evidence/seal/seal-ports.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { settings } from '../source/reading-under-test.ts'
import { positionOf } from './archive-lines.ts'

export const ORIGIN = 'archive.example/evidence'
export const START_MS = Date.UTC(2026, 10, 2, 12)
export const OPTIONS: SealOptions = {
  origin: ORIGIN,
  settleMs: 60_000,
  lookBackMs: 9 * 86_400_000,
  programVersion: '0.1.0',
}

export const newKeyPem = (): string =>
  String(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
  )

/** An archive blob of one message. */
export function aBlob(sequenceNumber: number, partition = '0'): { name: string; content: Buffer } {
  const body = `{"records":[{"category":"RiskyServicePrincipals","properties":{"n":${sequenceNumber}}}]}`
  const position = positionOf(sequenceNumber, { partition })
  const { blob, content } = buildChunk([readMessage({ position, body: Buffer.from(body) }, settings)])
  // A copy: what gzip returns keeps all of its buffer of 16 kB, which adds up to more than is measured.
  return { name: blob, content: Buffer.from(gzipSync(content)) }
}

/** An archive in memory, with the clock of its storage. */
export class MemoryArchive implements SealedArchive {
  nowMs = START_MS
  readonly blobs = new Map<string, { content: Buffer; createdAt: Instant }>()
  /** Days that were listed. */
  readonly listed: string[] = []

  add(...blobs: readonly { name: string; content: Buffer }[]): void {
    for (const { name, content } of blobs) this.blobs.set(name, { content, createdAt: instant(this.nowMs) })
  }

  async days() {
    const days = new Set([...this.blobs.keys()].map((name) => /ingest_date=([^/]+)/.exec(name)?.[1] ?? ''))
    return { at: instant(this.nowMs), days: [...days].sort() }
  }

  async *blobsOf(day: string): AsyncGenerator<ListedBlob> {
    this.listed.push(day)
    for (const [name, { createdAt }] of [...this.blobs].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (name.includes(`ingest_date=${day}/`)) yield { name, createdAt }
  }

  read = async (name: string): Promise<Buffer | undefined> => this.blobs.get(name)?.content
}

/** A log in memory, as strict as a storage: what is created is there for good. */
export class MemoryLog implements LogStore {
  readonly files = new Map<string, Buffer>()
  /** What was ever written under `checkpoint` and `checkpoints/`. */
  readonly published: Buffer[] = []

  read = async (name: string): Promise<Buffer | undefined> => this.files.get(name)

  async create(name: string, content: Buffer) {
    const there = this.files.get(name)
    if (there !== undefined) return there.equals(content) ? 'alreadyThere' : 'other'
    this.#write(name, content)
    return 'written'
  }

  async put(name: string, content: Buffer) {
    this.#write(name, content)
  }

  async advance(name: string, content: Buffer, isNewer: (existing: Buffer) => Promise<boolean>) {
    const there = this.files.get(name)
    if (there === undefined || !(await isNewer(there))) this.#write(name, content)
  }

  async *names(prefix: string) {
    for (const name of [...this.files.keys()].sort()) if (name.startsWith(prefix)) yield name
  }

  #write(name: string, content: Buffer): void {
    this.files.set(name, Buffer.from(content))
    if (name === NEWEST_CHECKPOINT || name.startsWith('checkpoints/')) this.published.push(content)
  }
}

export const A_PARTITION: PartitionState = {
  namespace: 'localhost',
  hub: 'entra-risk',
  hubCreatedAt: instant(START_MS - 86_400_000),
  partition: '0',
  isEmpty: false,
  beginningSequenceNumber: 0,
  lastSequenceNumber: 41,
  lastEnqueuedAt: instant(START_MS - 1000),
}

/** Keys that remember every text they signed. */
export function rememberingKeys(keys: SigningKeys, signed: string[]): SigningKeys {
  return {
    ...keys,
    sign(key, text) {
      signed.push(text.toString())
      return keys.sign(key, text)
    },
  }
}

/** Ports of a sealing process in memory. */
export function portsOf(
  archive: SealedArchive,
  log: LogStore,
  { keys = localKeys(newKeyPem()), ...other }: Partial<SealPorts> = {},
): SealPorts {
  return {
    archive,
    log,
    keys,
    partitions: async () => [A_PARTITION],
    timestamp: undefined,
    onProblem: (problem, cause) => {
      throw new Error(problem, { cause })
    },
    failpoint: () => undefined,
    signal: new AbortController().signal,
    ...other,
  }
}

export const withoutKey = (ports: SealPorts): SealPorts => ({ ...ports, keys: undefined })

/** What a log says, read by nothing but its commits, and whether everything else agrees with them. */
export interface ReadLog {
  readonly commits: readonly Commit[]
  readonly leaves: readonly Leaf[]
  readonly checkpoints: readonly SignedCheckpoint[]
  readonly newest: SignedCheckpoint | undefined
  /** The root of each size. */
  readonly root: (size: number) => Buffer
}

/**
 * Reads a log from its commits, and throws if they leave a hole, if a checkpoint ever published
 * does not lie on them, or if one is signed by no key that the commits before it announce.
 */
export function readLog(files: ReadonlyMap<string, Buffer>, published: readonly Buffer[] = []): ReadLog {
  const tree = new MerkleTree()
  const commits: Commit[] = []
  const keyAt = new Map<number, ReturnType<typeof verifierKeyOf> | undefined>()
  let signer: ReturnType<typeof verifierKeyOf> | undefined
  while (files.has(commitName(tree.size))) {
    const commit = parseCommit(tree.size, files.get(commitName(tree.size)) as Buffer)
    if (commit === undefined) throw new Error('a commit that cannot be read')
    commits.push(commit)
    for (const entry of commit.entries) tree.append(leafHash(entry))
    const key = commit.leaves.findLast((leaf) => leaf.type === 'key')
    const announced =
      key === undefined ? signer : verifierKeyOf(key.name, Buffer.from(key.publicKey, 'base64'))
    keyAt.set(tree.size, signer ?? announced)
    signer = announced
  }
  const names = [...files.keys()]
  const known = new Set(commits.map(({ first }) => first))
  for (const name of names) {
    const first = firstLeafOf(name)
    if (first !== undefined && !known.has(first)) throw new Error(`a commit outside of the log: ${name}`)
  }
  const check = (content: Buffer): SignedCheckpoint => {
    const checkpoint = parseCheckpoint(content)
    if (checkpoint === undefined || !keyAt.has(checkpoint.size)) throw new Error('a checkpoint of no commit')
    if (!tree.root(checkpoint.size).equals(checkpoint.root)) throw new Error('a checkpoint of another log')
    const key = keyAt.get(checkpoint.size)
    const verdict = verifyNote(checkpoint.note, key === undefined ? [] : [key]).status
    if (verdict !== (key === undefined ? 'unsigned' : 'signed'))
      throw new Error(`a checkpoint that is ${verdict}`)
    return checkpoint
  }
  published.forEach(check)
  const checkpoints = names
    .filter((name) => sizeOf(name) !== undefined)
    .sort()
    .map((name) => check(files.get(name) as Buffer))
  const newest = files.get(NEWEST_CHECKPOINT)
  return {
    commits,
    leaves: commits.flatMap(({ leaves }) => leaves),
    checkpoints,
    newest: newest === undefined ? undefined : check(newest),
    root: (size) => tree.root(size),
  }
}

/** The names of sealed blobs, in the order of the log. */
export const sealedNames = (leaves: readonly Leaf[]): readonly string[] =>
  leaves.flatMap((leaf) => (leaf.type === 'archive' || leaf.type === 'unreadable' ? leaf.name : []))
