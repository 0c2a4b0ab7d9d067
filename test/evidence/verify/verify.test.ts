import { createPublicKey } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { blobName } from '../../../shared/archive/blob-name.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { sha256Hex } from '../../../shared/encoding/digest.ts'
import { parseCheckpoint } from '../../../shared/evidence/checkpoint.ts'
import { cli } from '../../cli/cli-under-test.ts'
import { newKeyPem } from '../../support/evidence-world.ts'
import { type CopyOptions, type Files, folderOf, sealedCopy } from './sealed-copy.ts'

interface Verdict {
  readonly code: number
  readonly classes: readonly string[]
  readonly json: {
    readonly status: string
    readonly looked: Readonly<Record<string, number>>
    readonly findings: readonly {
      readonly class: string
      readonly subject: string
      readonly detail: string
    }[]
  }
}

async function verdictOf(files: Files, publicKey: string, anchor?: string): Promise<Verdict> {
  const folder = await folderOf(files)
  const other = await folderOf(
    new Map([
      ['key.pem', publicKey],
      ['anchor.json', anchor ?? ''],
    ]),
  )
  const { code, stdout, stderr } = await cli([
    'verify',
    '--json',
    '--dir',
    folder,
    '--key',
    `${other}/key.pem`,
    ...(anchor === undefined ? [] : ['--anchor', `${other}/anchor.json`]),
  ])
  if (stdout === '') throw new Error(stderr)
  const json = JSON.parse(stdout)
  return {
    code,
    json,
    classes: [...new Set<string>(json.findings.map((one: { class: string }) => one.class))],
  }
}

const nameIn = (files: Files, pattern: RegExp): string => {
  const name = [...files.keys()].sort().find((one) => pattern.test(one))
  if (name === undefined) throw new Error(`no file like ${pattern}`)
  return name
}

const edit = (files: Files, pattern: RegExp, change: (content: Buffer) => Buffer): void => {
  const name = nameIn(files, pattern)
  files.set(name, change(files.get(name) as Buffer))
}

const flip =
  (place: number) =>
  (content: Buffer): Buffer => {
    const changed = Buffer.from(content)
    changed[place % content.length] = (changed[place % content.length] ?? 0) ^ 1
    return changed
  }

const headOf = (files: Files) => {
  const head = parseCheckpoint(files.get('evidence/checkpoint') as Buffer)
  if (head === undefined) throw new Error('no head')
  return head
}
const anchorOf = (files: Files): string => {
  const { size, root } = headOf(files)
  return JSON.stringify([{ EvidenceSize: size, EvidenceRoot: root.toString('base64') }])
}

describe('an archive that was sealed', () => {
  it('is verified, with what was looked at in numbers', async () => {
    const { files, publicKey } = await sealedCopy()
    const { code, classes, json } = await verdictOf(files, publicKey, anchorOf(files))
    expect({ code, classes, status: json.status }).toEqual({ code: 0, classes: [], status: 'ok' })
    expect(json.looked).toMatchObject({ blobs: 5, records: 5, unchanged: 5, missing: 0 })
  })

  it('says that its key was not given on another way', async () => {
    const { files } = await sealedCopy()
    const { code, stdout } = await cli(['verify', '--dir', await folderOf(files)])
    expect(code).toBe(0)
    expect(stdout).toContain('KEY_NOT_GIVEN')
    expect(stdout).toMatch(/^OK: /)
  })

  it('says that nothing but write protection guards it if its log has no signatures', async () => {
    const { files, publicKey } = await sealedCopy({ isSigned: false })
    const { code, stdout } = await cli(['verify', '--dir', await folderOf(files)])
    expect(code).toBe(0)
    expect(stdout).toContain('WORM_ONLY')
    expect(await verdictOf(files, publicKey)).toMatchObject({ code: 1, classes: ['SIGNATURE_BAD'] })
  })

  it('is also verified with all its containers in one folder', async () => {
    const { files, publicKey } = await sealedCopy()
    const flat: Files = new Map([...files].map(([name, content]) => [name.replace(/^[^/]+\//, ''), content]))
    expect((await verdictOf(flat, publicKey)).classes).toEqual([])
  })
})

type Damage = readonly [
  name: string,
  damage: (files: Files) => void,
  classes: readonly string[],
  code: number,
  options?: CopyOptions,
]

/** What a damage makes verification find; all of it. */
const DAMAGES: readonly Damage[] = [
  ['a deleted blob', (files) => files.delete(nameIn(files, /p=0\/0+1-/)), ['BLOB_MISSING'], 1],
  ['a changed blob', (files) => edit(files, /p=0\/0+1-/, flip(40)), ['BLOB_CHANGED'], 1],
  [
    'a blob compressed anew',
    (files) => edit(files, /p=0\/0+1-/, (c) => gzipSync(gunzipSync(c), { level: 1 })),
    ['BLOB_CHANGED'],
    1,
  ],
  [
    'bytes behind a blob',
    (files) => edit(files, /p=0\/0+1-/, (c) => Buffer.concat([c, Buffer.from('more')])),
    ['TRAILING_DATA'],
    1,
  ],
  [
    'a member behind a blob',
    (files) => edit(files, /p=0\/0+1-/, (c) => Buffer.concat([c, gzipSync('{}\n')])),
    ['TRAILING_DATA'],
    1,
  ],
  ['a changed tile', (files) => edit(files, /tile\/0\//, flip(3)), ['LOG_INCONSISTENT'], 1],
  ['a changed entry bundle', (files) => edit(files, /tile\/entries\//, flip(70)), ['LOG_INCONSISTENT'], 1],
  ['a changed commit', (files) => edit(files, /commits\//, flip(70)), ['LOG_INCONSISTENT'], 1],
  ['a deleted commit', (files) => files.delete(nameIn(files, /commits\//)), ['LOG_INCONSISTENT'], 1],
  [
    'a deleted checkpoint',
    (files) => files.delete(nameIn(files, /checkpoints\//)),
    ['CHECKPOINT_MISSING'],
    1,
  ],
  [
    'a checkpoint with another root',
    (files) =>
      edit(files, /checkpoints\//, (c) =>
        Buffer.from(c.toString().replace(/\n(.)(.{42}=)\n/, (_, a, b) => `\n${a === 'A' ? 'B' : 'A'}${b}\n`)),
      ),
    ['SIGNATURE_BAD'],
    1,
  ],
  [
    'a checkpoint without a signature',
    (files) => edit(files, /checkpoints\//, (c) => c.subarray(0, c.indexOf('\n\n') + 2)),
    ['SIGNATURE_BAD'],
    1,
  ],
  [
    'a checkpoint that is none',
    (files) => edit(files, /checkpoints\//, () => Buffer.from('x')),
    ['SIGNATURE_BAD'],
    1,
  ],
  [
    'a hole in the sequence numbers',
    () => undefined,
    ['GAP'],
    2,
    {
      seals: [
        [0, 1],
        [3, 4],
      ],
    },
  ],
  [
    'an expired tail',
    () => undefined,
    ['GAP'],
    2,
    { partitions: [{ lastSequenceNumber: 9, beginningSequenceNumber: 7 }] },
  ],
  [
    'a partition that nobody read',
    () => undefined,
    ['GAP'],
    2,
    { partitions: [{ lastSequenceNumber: 4 }, { partition: '1', lastSequenceNumber: 3, isEmpty: true }] },
  ],
  ['an unread tail', () => undefined, ['PENDING'], 0, { partitions: [{ lastSequenceNumber: 9 }] }],
  ['a late beginning', () => undefined, ['STARTS_AT'], 0, { seals: [[2, 3, 4]] }],
  ['blobs after the last seal', () => undefined, ['UNSEALED_TAIL'], 0, { tail: [5] }],
  [
    'a blob that was never sealed',
    () => undefined,
    ['UNSEALED'],
    2,
    {
      seals: [
        [0, 1],
        [3, 4],
      ],
      tail: [2],
    },
  ],
  ['an empty folder', (files) => files.clear(), ['NOTHING_FOUND'], 3],
  [
    'an archive without its log',
    (files) => {
      for (const name of files.keys()) if (!name.startsWith('archive/')) files.delete(name)
    },
    ['NOTHING_FOUND', 'UNSEALED'],
    3,
  ],
]

describe('verification of a damaged copy finds exactly what was damaged', () => {
  for (const [name, damage, classes, code, options] of DAMAGES)
    it(`${name}`, async () => {
      const { files, publicKey } = await sealedCopy(options)
      damage(files)
      const found = await verdictOf(files, publicKey)
      expect({ classes: found.classes.filter((one) => one !== 'KEY_NOT_GIVEN'), code: found.code }).toEqual({
        classes,
        code,
      })
    })

  it('a log by a foreign key', async () => {
    const { files } = await sealedCopy()
    const foreign = createPublicKey(newKeyPem()).export({ format: 'pem', type: 'spki' }).toString()
    const found = await verdictOf(files, foreign)
    expect(found).toMatchObject({ code: 1, classes: ['KEY_UNKNOWN'] })
  })

  it('a tail that was cut off, with an anchor only', async () => {
    const long = await sealedCopy()
    const anchor = anchorOf(long.files)
    const { files } = long
    const kept = [...files.keys()].filter((name) => /checkpoints\//.test(name)).sort()[0] as string
    const size = Number(kept.slice(-20))
    const shorter: Files = new Map()
    for (const [name, content] of files) {
      const number = Number(/(?:commits|checkpoints)\/(\d{20})/.exec(name)?.[1] ?? 0)
      const width = Number(/\.p\/(\d+)$/.exec(name)?.[1] ?? 0)
      const isLater = name.includes('commits/') ? number >= size : number > size || width > size
      if (!isLater && !/p=0\/0+[34]-/.test(name)) shorter.set(name, content)
    }
    shorter.set('evidence/checkpoint', files.get(kept) as Buffer)
    expect((await verdictOf(shorter, long.publicKey)).classes).toEqual(['PENDING'])
    const anchored = await verdictOf(shorter, long.publicKey, anchor)
    expect(anchored.code).toBe(1)
    expect(anchored.classes).toContain('ANCHOR_MISMATCH')
  })

  it('a whole log that someone without the key wrote anew', async () => {
    const ours = await sealedCopy()
    const forged = await sealedCopy({
      seals: [
        [0, 1],
        [3, 4],
      ],
    })
    expect((await verdictOf(forged.files, ours.publicKey)).classes).toContain('KEY_UNKNOWN')
    const stripped = await sealedCopy({
      seals: [
        [0, 1],
        [3, 4],
      ],
      isSigned: false,
    })
    expect((await verdictOf(stripped.files, ours.publicKey)).code).toBe(1)
  })

  it('time stamps of other checkpoints', async () => {
    const { files, publicKey } = await sealedCopy({ timestamp: async () => Buffer.from('of something else') })
    expect((await verdictOf(files, publicKey)).classes).toContain('TIMESTAMP_BAD')
  })

  it('a record in place of another in a blob with a right name and digest', async () => {
    const { files, publicKey } = await sealedCopy({ tail: [5] })
    const name = nameIn(files, /p=0\/0+5-/)
    const content = Buffer.from(
      gunzipSync(files.get(name) as Buffer)
        .toString()
        .replace(/("record":.*"n":)5/, '$17'),
    )
    const position = JSON.parse(content.toString()).position
    files.delete(name)
    const first = { ...position, enqueuedAt: instant(Date.parse(position.enqueuedAt)) }
    files.set(
      `archive/${blobName({ first, lastSequenceNumber: 5, contentHash: sha256Hex(content) })}`,
      gzipSync(content),
    )
    const found = await verdictOf(files, publicKey)
    expect(found).toMatchObject({ code: 1, classes: ['RECORD_CHANGED', 'UNSEALED_TAIL'] })
  })

  it('two blobs that hold the same message differently', async () => {
    const { files, publicKey } = await sealedCopy()
    const name = nameIn(files, /p=0\/0+2-/)
    const line = JSON.parse(gunzipSync(files.get(name) as Buffer).toString())
    const record = JSON.stringify({ ...line.record, more: true })
    const text = `${JSON.stringify({ ...line, digest: `sha256:${sha256Hex(record)}`, recordBytes: Buffer.byteLength(record), record: 0 }).replace(/"record":0}$/, `"record":${record}}`)}\n`
    const first = { ...line.position, enqueuedAt: instant(Date.parse(line.position.enqueuedAt)) }
    files.set(
      `archive/${blobName({ first, lastSequenceNumber: 2, contentHash: sha256Hex(text) })}`,
      gzipSync(text),
    )
    const found = await verdictOf(files, publicKey)
    expect(found).toMatchObject({ code: 1, classes: ['RANGE_CONFLICT', 'UNSEALED', 'NOT_REDERIVED'] })
  })
})

/** Mulberry32: the sweep is the same every time. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** Changes files at random; what it did, in words. */
function mutate(files: Files, random: (below: number) => number): string {
  const names = [...files.keys()].sort()
  const name = names[random(names.length)] as string
  const content = files.get(name) as Buffer
  switch (random(5)) {
    case 0:
      files.set(name, flip(random(content.length))(content))
      return `flip in ${name}`
    case 1:
      files.delete(name)
      return `delete ${name}`
    case 2: {
      const other = names[random(names.length)] as string
      files.set(name, files.get(other) as Buffer)
      files.set(other, content)
      return `swap ${name} and ${other}`
    }
    case 3:
      files.set(name, content.subarray(0, random(content.length)))
      return `truncate ${name}`
    default:
      files.set(name, Buffer.concat([content, Buffer.of(random(256))]))
      return `append to ${name}`
  }
}

/** Copies of what others prove: keys beside the log, and partial tiles of former sizes. */
const NO_FACT = /^delete evidence\/(?:keys\/|tile\/.*\.p\/)/

it('a sweep of random mutations finds every one that changes a fact', async () => {
  const { files, publicKey } = await sealedCopy()
  const random = seeded(20_261_128)
  const missed: string[] = []
  for (let round = 0; round < 300; round += 1) {
    const mutated = new Map(files)
    const what = mutate(mutated, random)
    const isChanged = [...files].some(([name, content]) => mutated.get(name)?.equals(content) !== true)
    const { code } = await verdictOf(mutated, publicKey)
    if (isChanged && code === 0 && !NO_FACT.test(what)) missed.push(what)
  }
  expect(missed).toEqual([])
}, 120_000)
