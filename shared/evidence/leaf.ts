import type { Digest } from '../encoding/digest.ts'
import type { Json } from '../encoding/json.ts'

/** Version of all leaves. */
export const LEAF_VERSION = 1

interface LeafBase {
  readonly v: typeof LEAF_VERSION
}

/** An archive blob as it was sealed. Counts and positions are those of its lines. */
export interface ArchiveLeaf extends LeafBase {
  readonly type: 'archive'
  /** In the archive's container. */
  readonly name: string
  /** Of the stored, compressed bytes. */
  readonly bytes: number
  readonly digest: Digest
  readonly contentBytes: number
  readonly contentDigest: Digest
  readonly lines: number
  readonly messages: number
  /** `records` = `events` + `faults` + `skipped`. */
  readonly records: number
  readonly events: number
  readonly faults: number
  readonly skipped: number
  readonly namespace: string
  readonly hub: string
  readonly partition: string
  readonly firstSequenceNumber: number
  readonly lastSequenceNumber: number
  /** ISO 8601, UTC, as all times of leaves. */
  readonly firstEnqueuedAt: string
  /** Of the last position that a line tells: of adjacent skipped messages, the first one's. */
  readonly lastEnqueuedAt: string
}

/** A blob under the name of an archive blob whose content is not one. */
export interface UnreadableLeaf extends LeafBase {
  readonly type: 'unreadable'
  readonly name: string
  readonly bytes: number
  readonly digest: Digest
}

/** What the hub said about a partition when the leaves of a seal were gathered. */
export interface PartitionLeaf extends LeafBase {
  readonly type: 'partition'
  readonly at: string
  readonly namespace: string
  readonly hub: string
  /** Another time under the same name is another incarnation of the hub. */
  readonly hubCreatedAt: string
  readonly partition: string
  readonly isEmpty: boolean
  /** The oldest message that the hub still has. */
  readonly beginningSequenceNumber: number
  /** -1: there was none yet. */
  readonly lastSequenceNumber: number
  readonly lastEnqueuedAt: string
}

/**
 * A key that signs checkpoints from the next commit on; the first key of a log also the checkpoint
 * that contains it. So a rotation is signed by the old key.
 */
export interface KeyLeaf extends LeafBase {
  readonly type: 'key'
  /** The origin of the log. */
  readonly name: string
  /** Base64 of the DER, SubjectPublicKeyInfo, P-256. */
  readonly publicKey: string
  /** Where the key can be found again: a Key Vault key id with its version, or `local`. */
  readonly location: string
}

/**
 * The end of each commit: every archive blob that was created before `settledBefore` and is listed
 * under a date from `listedFrom` on is in the log.
 */
export interface SealLeaf extends LeafBase {
  readonly type: 'seal'
  /** By the storage's clock. */
  readonly at: string
  readonly settledBefore: string
  /** `YYYY-MM-DD`; empty if the whole archive was listed. */
  readonly listedFrom: string
  readonly programVersion: string
}

/** An entry of the log. */
export type Leaf = ArchiveLeaf | UnreadableLeaf | PartitionLeaf | KeyLeaf | SealLeaf

type FieldKind = 'text' | 'count' | 'number' | 'flag' | 'digest' | 'time' | 'date'

type Fields<L extends Leaf> = { readonly [name in keyof Omit<L, 'v' | 'type'>]-?: FieldKind }

const BLOB = { name: 'text', bytes: 'count', digest: 'digest' } as const
const PLACE = { namespace: 'text', hub: 'text', partition: 'text' } as const

const ARCHIVE: Fields<ArchiveLeaf> = {
  ...BLOB,
  ...PLACE,
  contentBytes: 'count',
  contentDigest: 'digest',
  lines: 'count',
  messages: 'count',
  records: 'count',
  events: 'count',
  faults: 'count',
  skipped: 'count',
  firstSequenceNumber: 'count',
  lastSequenceNumber: 'count',
  firstEnqueuedAt: 'time',
  lastEnqueuedAt: 'time',
}
const PARTITION: Fields<PartitionLeaf> = {
  ...PLACE,
  at: 'time',
  hubCreatedAt: 'time',
  isEmpty: 'flag',
  beginningSequenceNumber: 'count',
  lastSequenceNumber: 'number',
  lastEnqueuedAt: 'time',
}
const KEY: Fields<KeyLeaf> = { name: 'text', publicKey: 'text', location: 'text' }
const SEAL: Fields<SealLeaf> = {
  at: 'time',
  settledBefore: 'time',
  listedFrom: 'date',
  programVersion: 'text',
}
const FIELDS: Readonly<Record<Leaf['type'], Readonly<Record<string, FieldKind>>>> = {
  archive: ARCHIVE,
  unreadable: BLOB,
  partition: PARTITION,
  key: KEY,
  seal: SEAL,
}

const matches =
  (pattern: RegExp) =>
  (value: Json): boolean =>
    typeof value === 'string' && pattern.test(value)

const isA: Readonly<Record<FieldKind, (value: Json) => boolean>> = {
  text: (value) => typeof value === 'string' && value !== '',
  count: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  number: (value) => Number.isSafeInteger(value),
  flag: (value) => typeof value === 'boolean',
  digest: matches(/^sha256:[0-9a-f]{64}$/),
  time: matches(/^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  date: matches(/^(?:\d{4}-\d\d-\d\d)?$/),
}

/**
 * The entry of a leaf: canonical JSON, [RFC 8785](https://www.rfc-editor.org/rfc/rfc8785). A leaf
 * has no objects within, so that sorted names are all that takes.
 */
export const leafBytes = (leaf: Leaf): Buffer => Buffer.from(JSON.stringify(leaf, Object.keys(leaf).sort()))

/**
 * The leaf of an entry; `undefined` if this program does not know its type or version, or if it is
 * not in its one canonical form.
 */
export function parseLeaf(entry: Uint8Array): Leaf | undefined {
  const values = parseObject(entry)
  if (values?.v !== LEAF_VERSION) return undefined
  const { type } = values
  const fields =
    typeof type === 'string' && Object.hasOwn(FIELDS, type) ? FIELDS[type as Leaf['type']] : undefined
  if (fields === undefined || Object.keys(values).length !== Object.keys(fields).length + 2) return undefined
  const isValid = Object.entries(fields).every(
    ([name, kind]) => Object.hasOwn(values, name) && isA[kind](values[name] as Json),
  )
  const leaf = values as unknown as Leaf
  return isValid && leafBytes(leaf).equals(entry) ? leaf : undefined
}

function parseObject(entry: Uint8Array): Readonly<Record<string, Json>> | undefined {
  try {
    const value = JSON.parse(Buffer.from(entry).toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
