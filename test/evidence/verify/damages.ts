import { createPublicKey, hash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { instant } from '../../../shared/domain/identifiers.ts'
import type { FindingName } from '../../../shared/evidence/verify/finding.ts'
import { A_PARTITION, newKeyPem, ORIGIN, START_MS } from '../../support/evidence-world.ts'
import { contentIn, edit, flip, nameIn } from './edit-files.ts'
import { cutOff, rewritten, withOtherRecord } from './rewritten-blob.ts'
import { type CopyOptions, eventBlob, type Files, type SealedCopy, sealedCopy } from './sealed-copy.ts'
import { anchorOf } from './verdict-under-test.ts'
import { commitsIn, writtenLog } from './written-log.ts'

/** Something done to a sealed archive, or that it went through, and all that verification finds then. */
export interface Damage {
  /** In words, for a reader who does not code. */
  readonly what: string
  /** The root cause first. */
  readonly finds: readonly [FindingName, ...FindingName[]]
  readonly code: number
  readonly options?: CopyOptions
  readonly change?: (files: Files, copy: SealedCopy) => void
  /** The key that is given to verification; default: the one that signed. */
  readonly key?: 'none' | 'foreign'
  /** The head that is given: that of the log before the damage, or another one's of its size. */
  readonly anchor?: 'before' | 'other'
}

const SECOND = /p=0\/0{19}1-/
const HOLE: CopyOptions = {
  seals: [
    [0, 1],
    [3, 4],
  ],
}

function replaceLog(files: Files, log: Files): void {
  for (const name of files.keys()) if (!name.startsWith('archive/')) files.delete(name)
  for (const [name, content] of log) files.set(name, content)
}

/** Every class of findings is the first one of at least one of these. */
export const DAMAGES: readonly Damage[] = [
  { what: 'all files removed', finds: ['NOTHING_FOUND'], code: 3, change: (files) => files.clear() },
  {
    what: 'the whole log removed',
    finds: ['NOTHING_FOUND', 'UNSEALED'],
    code: 3,
    change: (files) => replaceLog(files, new Map()),
  },
  {
    what: 'the whole log made again with another key',
    finds: ['KEY_UNKNOWN'],
    code: 1,
    key: 'foreign',
  },
  {
    what: 'a head of the log with another hash',
    finds: ['SIGNATURE_BAD'],
    code: 1,
    change: (files) =>
      edit(files, /checkpoints\//, (head) =>
        Buffer.from(
          head
            .toString()
            .replace(/\n(.)(.{42}=)\n/, (_, first, rest) => `\n${first === 'A' ? 'B' : 'A'}${rest}\n`),
        ),
      ),
  },
  {
    what: 'a head of the log without its signature',
    finds: ['SIGNATURE_BAD'],
    code: 1,
    change: (files) => edit(files, /checkpoints\//, (head) => head.subarray(0, head.indexOf('\n\n') + 2)),
  },
  {
    what: 'a head of the log with something else in its place',
    finds: ['SIGNATURE_BAD'],
    code: 1,
    change: (files) => edit(files, /checkpoints\//, () => Buffer.from('x')),
  },
  {
    what: 'the signatures of the whole log removed',
    finds: ['SIGNATURE_BAD'],
    code: 1,
    options: { isSigned: false },
  },
  {
    what: 'an anchor that is not of this log',
    finds: ['ANCHOR_MISMATCH'],
    code: 1,
    anchor: 'other',
  },
  {
    what: 'the end of the log cut off, with the files that came since',
    finds: ['ANCHOR_MISMATCH', 'PENDING'],
    code: 1,
    anchor: 'before',
    change: cutOff,
  },
  {
    what: 'a changed tile',
    finds: ['LOG_INCONSISTENT'],
    code: 1,
    change: (files) => edit(files, /tile\/0\//, flip(3)),
  },
  {
    what: 'a changed bundle of entries',
    finds: ['LOG_INCONSISTENT'],
    code: 1,
    change: (files) => edit(files, /tile\/entries\//, flip(70)),
  },
  {
    what: 'a changed commit',
    finds: ['LOG_INCONSISTENT'],
    code: 1,
    change: (files) => edit(files, /commits\//, flip(70)),
  },
  {
    what: 'a removed commit',
    finds: ['LOG_INCONSISTENT'],
    code: 1,
    change: (files) => files.delete(nameIn(files, /commits\//)),
  },
  {
    what: 'a removed head of the log',
    finds: ['CHECKPOINT_MISSING'],
    code: 1,
    change: (files) => files.delete(nameIn(files, /checkpoints\//)),
  },
  {
    what: 'a time stamp of something else',
    finds: ['TIMESTAMP_BAD', 'TIMESTAMP_NOT_CHECKED'],
    code: 1,
    options: { timestamp: async () => Buffer.from('of something else') },
  },
  {
    what: 'a removed file of the archive',
    finds: ['BLOB_MISSING', 'GAP'],
    code: 1,
    change: (files) => files.delete(nameIn(files, SECOND)),
  },
  {
    what: 'a changed file of the archive',
    finds: ['BLOB_CHANGED', 'GAP'],
    code: 1,
    change: (files) => edit(files, SECOND, flip(40)),
  },
  {
    what: 'a file of the archive compressed anew',
    finds: ['BLOB_CHANGED'],
    code: 1,
    change: (files) => edit(files, SECOND, (blob) => gzipSync(gunzipSync(blob), { level: 1 })),
  },
  {
    what: 'bytes behind a file of the archive',
    finds: ['TRAILING_DATA'],
    code: 1,
    change: (files) => edit(files, SECOND, (blob) => Buffer.concat([blob, Buffer.from('more')])),
  },
  {
    what: 'a compressed line behind a file of the archive',
    finds: ['TRAILING_DATA'],
    code: 1,
    change: (files) => edit(files, SECOND, (blob) => Buffer.concat([blob, gzipSync('{}\n')])),
  },
  {
    what: 'a file added whose record does not fit its digest, with a right name',
    finds: ['RECORD_CHANGED', 'UNSEALED_TAIL'],
    code: 1,
    options: { tail: [5] },
    change: (files) => {
      const path = nameIn(files, /p=0\/0{19}5-/)
      const { name, content } = rewritten(files.get(path) as Buffer, (line) =>
        line.replace(/("record":.*"n":)5/, '$17'),
      )
      files.delete(path)
      files.set(`archive/${name}`, content)
    },
  },
  {
    what: 'a file added that holds a sealed message differently',
    finds: ['RANGE_CONFLICT', 'UNSEALED', 'NOT_REDERIVED'],
    code: 1,
    change: (files) => {
      const { name, content } = rewritten(contentIn(files, /p=0\/0{19}2-/), withOtherRecord)
      files.set(`archive/${name}`, content)
    },
  },
  { what: 'a hole in the sequence numbers', finds: ['GAP'], code: 2, options: HOLE },
  {
    what: 'messages that expired before they were read',
    finds: ['GAP'],
    code: 2,
    options: { partitions: [{ lastSequenceNumber: 9, beginningSequenceNumber: 7 }] },
  },
  {
    what: 'a partition of the hub that was never read',
    finds: ['GAP'],
    code: 2,
    options: {
      partitions: [{ lastSequenceNumber: 4 }, { partition: '1', lastSequenceNumber: 3, isEmpty: true }],
    },
  },
  {
    what: 'a file that was never sealed, though later ones were',
    finds: ['UNSEALED'],
    code: 2,
    options: { ...HOLE, tail: [2] },
  },
  { what: 'files that came after the last seal', finds: ['UNSEALED_TAIL'], code: 0, options: { tail: [5] } },
  {
    what: 'messages that are not read yet',
    finds: ['PENDING'],
    code: 0,
    options: { partitions: [{ lastSequenceNumber: 9 }] },
  },
  {
    what: 'an archive that begins later than the hub',
    finds: ['STARTS_AT'],
    code: 0,
    options: { seals: [[2, 3, 4]] },
  },
  {
    what: 'a hub that was deleted and created anew',
    finds: ['NEW_INCARNATION'],
    code: 0,
    options: {
      seals: [
        [0, 1, 2],
        [0, 1].map((number) => eventBlob(number, { enqueuedAt: instant(START_MS + 3_600_000 + number) })),
      ],
      partitions: [{ lastSequenceNumber: 1 }],
      hubCreatedAt: [A_PARTITION.hubCreatedAt, instant(START_MS + 3_000_000)],
    },
  },
  {
    what: 'files of an earlier version of the program, which read records in another way',
    finds: ['NOT_REDERIVED'],
    code: 0,
    options: {
      versions: ['0.0.9', '0.0.9'],
      forge: (line) => line.replace('"level":"high"', '"level":"low"'),
    },
  },
  {
    what: 'a file that was no archive file when it was sealed',
    finds: ['SEALED_UNREADABLE'],
    code: 0,
    options: {
      seals: [
        [0, 1, 2, 3, 4, { name: eventBlob(9).name.replace('0009-', '0003-'), content: Buffer.from('junk') }],
      ],
    },
  },
  {
    what: 'entries that a later version of the program wrote',
    finds: ['UNKNOWN_LEAF'],
    code: 0,
    change: (files, { privateKey }) => {
      const later = Buffer.from('{"later":true,"type":"later","v":2}')
      replaceLog(
        files,
        writtenLog(
          commitsIn(files).map((entries) => [later, ...entries]),
          ORIGIN,
          privateKey,
        ),
      )
    },
  },
  {
    what: 'an older head of the log as the newest one',
    finds: ['NEWEST_BEHIND'],
    code: 0,
    change: (files) => files.set('evidence/checkpoint', contentIn(files, /checkpoints\//)),
  },
  { what: 'no damage, and no key given', finds: ['KEY_NOT_GIVEN'], code: 0, key: 'none' },
  {
    what: 'no damage to a log without a key',
    finds: ['WORM_ONLY'],
    code: 0,
    key: 'none',
    options: { isSigned: false },
  },
  {
    what: 'no damage to a log with time stamps',
    finds: ['TIMESTAMP_NOT_CHECKED'],
    code: 0,
    options: { timestamp: async (checkpoint) => hash('sha256', checkpoint, 'buffer') },
  },
]

const publicKeyOf = (pem: string): string =>
  createPublicKey(pem).export({ format: 'pem', type: 'spki' }).toString()

/** The damaged copy, and what is given to verification. */
export async function damaged({ options, change, key, anchor }: Damage) {
  const copy = await sealedCopy(options)
  const before: Files = new Map(copy.files)
  change?.(copy.files, copy)
  const other = anchor === 'other' ? await sealedCopy(options) : undefined
  return {
    files: copy.files,
    given: {
      key: key === 'none' ? undefined : key === 'foreign' ? publicKeyOf(newKeyPem()) : copy.publicKey,
      anchor: anchor === undefined ? undefined : anchorOf(other?.files ?? before),
    },
  }
}
