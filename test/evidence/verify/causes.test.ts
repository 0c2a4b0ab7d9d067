import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseCheckpoint } from '../../../shared/evidence/checkpoint.ts'
import { cli } from '../../cli/cli-under-test.ts'
import { newKeyPem } from '../../support/evidence-world.ts'
import { type CopyOptions, type Files, folderOf, sealedCopy } from './sealed-copy.ts'

interface Found {
  readonly class: string
  readonly subject: string
  readonly detail: string
  readonly consequences: readonly Found[]
}

/** Classes as a tree: what follows stands in brackets. */
const outline = (findings: readonly Found[]): string =>
  findings
    .map(({ class: name, consequences }) =>
      consequences.length === 0 ? name : `${name} (${outline(consequences)})`,
    )
    .join(', ')

async function foundIn(files: Files, publicKey: string, anchor?: string) {
  const folder = await folderOf(files)
  const trust = await folderOf(
    new Map([...(anchor === undefined ? [] : [['anchor', anchor] as const]), ['key', publicKey]]),
  )
  const anchors = anchor === undefined ? [] : ['--anchor', `${trust}/anchor`]
  const words = ['verify', '--dir', folder, '--key', `${trust}/key`, ...anchors]
  const { code, stdout } = await cli([...words, '--json'])
  const json = JSON.parse(stdout)
  const text = (await cli(words)).stdout
  return {
    code,
    text,
    outline: outline(json.findings),
    findings: json.findings as readonly Found[],
    partitions: json.partitions,
  }
}

async function damaged(damage: (files: Files) => void, options: CopyOptions = {}) {
  const { files, publicKey } = await sealedCopy(options)
  damage(files)
  return foundIn(files, publicKey)
}

const remove = (pattern: RegExp) => (files: Files) => {
  for (const name of files.keys()) if (pattern.test(name)) files.delete(name)
}
const change = (pattern: RegExp) => (files: Files) => {
  for (const [name, content] of files) {
    if (!pattern.test(name)) continue
    const changed = Buffer.from(content)
    changed[40] = (changed[40] ?? 0) ^ 1
    files.set(name, changed)
  }
}

describe('what follows from a root cause stands under it', () => {
  it('a lost blob leaves a hole in its partition, which is drawn there', async () => {
    for (const [lost, damage] of [
      ['BLOB_MISSING', remove(/p=0\/0+2-/)],
      ['BLOB_CHANGED', change(/p=0\/0+2-/)],
    ] as const) {
      const found = await damaged(damage)
      expect(found).toMatchObject({ code: 1, outline: `${lost} (GAP)` })
      expect(found.partitions).toMatchObject([
        {
          blobs: 4,
          first: 0,
          last: 4,
          missing: 1,
          gaps: [{ first: 2, last: 2, blob: expect.stringContaining('p=0/') }],
        },
      ])
      expect(found.text).toMatch(/^ {4}hence GAP .*p=0: sequence numbers 2, /m)
    }
  })

  it('also at either end, and if nothing is left', async () => {
    const ends = await damaged(remove(/p=0\/0+[04]-/))
    expect(ends.outline).toBe('BLOB_MISSING (GAP), BLOB_MISSING (GAP)')
    expect(ends.partitions).toMatchObject([{ first: 1, last: 3, missing: 2, pending: 0 }])
    const all = await damaged(remove(/p=0\//))
    const missing = Array.from({ length: 5 }, () => 'BLOB_MISSING (GAP)').join(', ')
    expect(all).toMatchObject({ code: 3, outline: `NOTHING_FOUND (${missing})` })
    expect(all.partitions).toMatchObject([{ blobs: 0, first: -1, last: -1, missing: 5 }])
  })

  it('a blob that was compressed anew is no hole', async () => {
    const trailing = await damaged((files) => {
      for (const [name, content] of files)
        if (/p=0\/0+2-/.test(name)) files.set(name, Buffer.concat([content, Buffer.from('more')]))
    })
    expect(trailing.outline).toBe('TRAILING_DATA')
    expect(trailing.partitions).toMatchObject([{ blobs: 5, missing: 0, gaps: [] }])
  })

  it('without the log, nothing is sealed', async () => {
    const found = await damaged(remove(/^evidence/))
    expect(found.outline).toBe(`NOTHING_FOUND (${Array.from({ length: 5 }, () => 'UNSEALED').join(', ')})`)
  })

  it('an unknown key explains all that it signed', async () => {
    const { files } = await sealedCopy()
    const foreign = createPublicKey(newKeyPem()).export({ format: 'pem', type: 'spki' }).toString()
    const found = await foundIn(files, foreign)
    expect(found).toMatchObject({ code: 1, outline: 'KEY_UNKNOWN (KEY_UNKNOWN, KEY_UNKNOWN)' })
    expect(found.findings[0]?.detail).toMatch(/signed by [0-9a-f]{8}$/)
  })

  it('a deleted end of the commits explains what is behind it', async () => {
    const { files, publicKey } = await sealedCopy()
    const size = Number(
      [...files.keys()]
        .filter((name) => /checkpoints\//.test(name))
        .sort()[0]
        ?.slice(-20),
    )
    remove(new RegExp(`commits/0*${size}\\.jsonl|tile/entries`))(files)
    const { code, findings } = await foundIn(files, publicKey)
    const [root, ...others] = findings
    expect(code).toBe(1)
    expect(root).toMatchObject({
      class: 'LOG_INCONSISTENT',
      detail: expect.stringMatching(/^commits end at/),
    })
    const inside = outline(root?.consequences ?? [])
    expect(inside).toContain('LOG_INCONSISTENT')
    expect(inside).toContain('UNSEALED_TAIL, UNSEALED_TAIL')
    expect(outline(others)).not.toContain('UNSEALED')
    expect(outline(others)).not.toContain('SIGNATURE_BAD')
  })

  it('a log that was cut off without a trace explains further anchors and what is not sealed', async () => {
    const { files, publicKey } = await sealedCopy({ seals: [[0, 1], [2], [3, 4]] })
    const ends = [...files.keys()].filter((name) => /checkpoints\/\d+$/.test(name)).sort()
    const rows = ends.map((name) => {
      const head = parseCheckpoint(files.get(name) as Buffer)
      return { EvidenceSize: head?.size, EvidenceRoot: head?.root.toString('base64') }
    })
    const kept = ends[0] as string
    const size = Number(kept.slice(-20))
    for (const name of files.keys()) {
      const number = Number(/(?:commits|checkpoints)\/(\d{20})/.exec(name)?.[1] ?? 0)
      const width = Number(/\.p\/(\d+)$/.exec(name)?.[1] ?? 0)
      if (name.includes('commits/') ? number >= size : number > size || width > size) files.delete(name)
    }
    files.set('evidence/checkpoint', files.get(kept) as Buffer)
    const found = await foundIn(files, publicKey, JSON.stringify(rows))
    expect(found.code).toBe(1)
    expect(found.outline).toBe(
      'ANCHOR_MISMATCH (ANCHOR_MISMATCH, UNSEALED_TAIL, UNSEALED_TAIL, UNSEALED_TAIL)',
    )
  })

  it('a changed checkpoint explains its time stamp', async () => {
    const found = await damaged(
      (files) => {
        const name = [...files.keys()].filter((one) => /checkpoints\/\d+$/.test(one)).sort()[0] as string
        files.set(name, Buffer.from('x'))
      },
      {
        timestamp: async (content) =>
          (await import('node:crypto')).createHash('sha256').update(content).digest(),
      },
    )
    expect(found.outline).toBe('SIGNATURE_BAD (TIMESTAMP_BAD), TIMESTAMP_NOT_CHECKED')
  })
})
