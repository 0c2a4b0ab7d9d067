import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isPortable } from '../../cli/portable-name.ts'
import { sha256Hex } from '../../shared/encoding/digest.ts'
import { type CopyOptions, folderOf, type SealedCopy, sealedCopy } from '../evidence/verify/sealed-copy.ts'
import { hasTools } from '../support/shell-tools.ts'
import { cli } from './cli-under-test.ts'

const nowMs = () => Date.UTC(2026, 10, 3)

interface Case {
  readonly path: string
  readonly files: readonly string[]
  readonly proofs: readonly string[]
  readonly copy: SealedCopy
  readonly said: string
}

/** A case about all of a copy, in a place where nothing else is left. */
async function caseOf(options: CopyOptions = {}): Promise<Case> {
  const copy = await sealedCopy(options)
  const dir = await folderOf(copy.files)
  const made = await folderOf(new Map())
  const { code, stderr } = await cli(['export', '--dir', dir, '--case', join(made, 'made')], { nowMs })
  expect([code, stderr]).toEqual([0, expect.stringContaining('written to')])
  await rm(dir, { recursive: true })
  const path = join(made, 'handed over')
  await rename(join(made, 'made'), path)
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) =>
      join(one.parentPath, one.name)
        .slice(path.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
  return { path, files, proofs: files.filter((name) => name.startsWith('proofs/')), copy, said: stderr }
}

const check = ({ path }: Case, proof: string | undefined, ...words: readonly string[]) =>
  cli(['check-proof', join(path, proof ?? ''), ...words])

const manifestOf = async ({ path }: Case) => JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8'))

const flipped = async (file: string, at: number): Promise<void> => {
  const content = await readFile(file)
  content[at] = (content[at] ?? 0) ^ 1
  await writeFile(file, content)
}

/** The root of a log, by RFC 9162, 2.1.3.2, from what a tlog-proof has; nothing of the program. */
function rootOf(leaf: Buffer, proof: readonly Buffer[], index: number, size: number): Buffer {
  const hash = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  let [fn, sn, root] = [index, size - 1, hash(Buffer.of(0), leaf)]
  for (const one of proof) {
    if (fn % 2 === 1 || fn === sn) {
      root = hash(Buffer.of(1), one, root)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1]
    } else root = hash(Buffer.of(1), root, one)
    ;[fn, sn] = [fn >> 1, sn >> 1]
  }
  return root
}

describe('a case', () => {
  it('proves each record with only what is in its folder', async () => {
    const made = await caseOf()
    const records = readFileSync(join(made.path, 'records.jsonl'), 'utf8').trimEnd().split('\n')
    expect(made.proofs).toHaveLength(records.length)
    for (const [i, proof] of made.proofs.entries()) {
      const { eventId } = JSON.parse(records[i] ?? '')
      expect(proof).toBe(`proofs/${String(i + 1).padStart(6, '0')}-${eventId}.tlog-proof`)
      const found = await check(made, proof)
      expect([found.code, found.stdout.split('\n')[0]]).toEqual([0, 'PROVEN'])
      expect(found.stdout).toContain(eventId)
      const inFolder = made.files.find((name) => name.endsWith('.pem')) ?? ''
      expect(await check(made, proof, '--key', join(made.path, inFolder))).toMatchObject({ code: 0 })
    }
    expect((await manifestOf(made)).found).toMatchObject({ records: 5, proofs: 5 })
  })

  it('has proofs in the open form, whose hashes lead to the head of the log', async () => {
    const made = await caseOf()
    const head = await readFile(join(made.path, 'checkpoint.txt'), 'utf8')
    expect(head).toBe(made.copy.files.get('evidence/checkpoint')?.toString())
    for (const proof of made.proofs) {
      const text = await readFile(join(made.path, proof), 'utf8')
      const [, extra = '', index = '', path = '', checkpoint = ''] =
        /^c2sp\.org\/tlog-proof@v1\nextra (\S+)\nindex (\d+)\n((?:\S{44}\n)*)\n([\s\S]*)$/.exec(text) ?? []
      const { leaf, line } = JSON.parse(Buffer.from(extra, 'base64').toString())
      const [, size = '', root = ''] = checkpoint.split('\n')
      const hashes = path
        .split('\n')
        .slice(0, -1)
        .map((one) => Buffer.from(one, 'base64'))
      expect(rootOf(Buffer.from(leaf), hashes, Number(index), Number(size)).toString('base64')).toBe(root)
      expect(checkpoint).toBe(head)
      const { name, digest } = JSON.parse(leaf)
      expect(`sha256:${sha256Hex(await readFile(join(made.path, 'archive', name)))}`).toBe(digest)
      expect(line).toBe(0)
    }
  })

  it.skipIf(!hasTools('openssl'))(
    'has the head of the log and its key so that openssl checks them',
    async () => {
      const { path, files } = await caseOf()
      const lines = (await readFile(join(path, 'checkpoint.txt'), 'utf8')).trimEnd().split('\n')
      const signature = Buffer.from(lines.at(-1)?.split(' ')[2] ?? '', 'base64').subarray(4)
      const folder = await folderOf(
        new Map([
          ['sig', signature],
          ['text', Buffer.from(`${lines.slice(0, 3).join('\n')}\n`)],
        ]),
      )
      const pem = join(path, files.find((name) => /^log-key-.*\.pem$/.test(name)) ?? '')
      const said = execFileSync('openssl', ['dgst', '-sha256', '-verify', pem, '-signature', 'sig', 'text'], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect(said).toBe('Verified OK\n')
      const [name = '', keyId = ''] = (await readFile(pem.replace('.pem', '.vkey'), 'utf8')).split('+')
      expect([name, `log-key-${keyId}.pem`]).toEqual([lines[0], pem.slice(path.length + 1)])
    },
  )

  it.each([
    [
      'a blob',
      'the blob is the one of the leaf',
      async ({ path, files }: Case) => {
        for (const name of files) if (name.startsWith('archive/')) await flipped(join(path, name), 9)
      },
    ],
    [
      'the head of the log',
      'the leaf is in the log of the checkpoint',
      async ({ path, proofs }: Case) => {
        for (const name of proofs) {
          const text = await readFile(join(path, name), 'utf8')
          await writeFile(
            join(path, name),
            text.replace(/\n(\d+)\n(\S{44})\n\n—/, (_, size) => `\n${size}\n${'A'.repeat(43)}=\n\n—`),
          )
        }
      },
    ],
    [
      'a leaf',
      'the leaf is in the log of the checkpoint',
      async ({ path, proofs }: Case) => {
        for (const name of proofs) {
          const text = await readFile(join(path, name), 'utf8')
          await writeFile(
            join(path, name),
            text.replace(/^extra (.*)$/m, (_, extra) => {
              const told = JSON.parse(Buffer.from(extra, 'base64').toString())
              const leaf = told.leaf.replace('"records":1', '"records":2')
              return `extra ${Buffer.from(JSON.stringify({ ...told, leaf })).toString('base64')}`
            }),
          )
        }
      },
    ],
    [
      'the line of a record',
      'the record, its event and its digest are in a line of the blob',
      async ({ path, proofs }: Case) => {
        for (const name of proofs) {
          const text = await readFile(join(path, name), 'utf8')
          await writeFile(
            join(path, name),
            text.replace(/^extra (.*)$/m, (_, extra) => {
              const told = JSON.parse(Buffer.from(extra, 'base64').toString())
              return `extra ${Buffer.from(JSON.stringify({ ...told, line: 7 })).toString('base64')}`
            }),
          )
        }
      },
    ],
    [
      'the time stamp',
      'the time stamp is of the checkpoint',
      async ({ path }: Case) => {
        await writeFile(join(path, 'checkpoint.tsr'), 'of something else')
      },
    ],
    [
      'the keys',
      'the checkpoint is signed by the key',
      async ({ path, files }: Case) => {
        for (const name of files) if (name.startsWith('log-key-')) await rm(join(path, name))
      },
    ],
  ])('proves nothing once somebody changed %s', async (_, step, change) => {
    const made = await caseOf()
    await change(made)
    for (const proof of made.proofs) {
      const { code, stdout } = await check(made, proof)
      expect([code, stdout.split('\n')[0]]).toEqual([1, 'NOT PROVEN'])
      expect(stdout).toContain(`NO   ${step}`)
    }
  })

  it('has the time stamp of its head, and checks that it is', async () => {
    const timestamp = async (checkpoint: Buffer) => createHash('sha256').update(checkpoint).digest()
    const made = await caseOf({ timestamp })
    expect(made.files).toContain('checkpoint.tsr')
    const { code, stdout } = await check(made, made.proofs[0])
    expect(code).toBe(0)
    expect(stdout).toContain('yes  the time stamp is of the checkpoint')
  })

  it('says which records it cannot prove: those that are not sealed yet', async () => {
    const made = await caseOf({ tail: [5, 6] })
    expect(made.said).toContain('7 records written to')
    expect(made.said).toContain(', 5 with a proof;')
    const blobs = (await readFile(join(made.path, 'blobs.jsonl'), 'utf8')).trimEnd().split('\n')
    expect(blobs.filter((line) => JSON.parse(line).state === 'unsealed')).toHaveLength(2)
    expect((await manifestOf(made)).found).toMatchObject({ records: 7, proofs: 5 })
  })

  it('of a log without a key says so, and its proofs are worth what they say', async () => {
    const made = await caseOf({ isSigned: false })
    expect(await readFile(join(made.path, 'README.txt'), 'utf8')).toContain(
      'The head of the log is not signed',
    )
    const { code, stdout } = await check(made, made.proofs[0])
    expect(code).toBe(1)
    expect(stdout).toContain('yes  the leaf is in the log of the checkpoint')
    expect(stdout).toContain('NO   the checkpoint is signed by the key')
  })

  it('has the hash of every file in its manifest, and no tenant that a copy does not tell', async () => {
    const made = await caseOf()
    const { files, by, tenantId } = await manifestOf(made)
    expect(Object.keys(files).sort()).toEqual(made.files.filter((name) => name !== 'manifest.json'))
    for (const [name, { sha256 }] of Object.entries<{ sha256: string }>(files))
      expect(sha256).toBe(sha256Hex(await readFile(join(made.path, name))))
    expect([by, tenantId]).toEqual([{ user: 'operator', credential: 'none, a downloaded copy' }, undefined])
  })

  it('is checked with a key that Windows PowerShell saved', async () => {
    const made = await caseOf()
    const folder = await folderOf(
      new Map([['key.pem', Buffer.from(`\ufeff${made.copy.publicKey}`, 'utf16le')]]),
    )
    expect(await check(made, made.proofs[0], '--key', join(folder, 'key.pem'))).toMatchObject({ code: 0 })
  })

  it('is no copy of the archive: nobody can take it for a complete one', async () => {
    const { path } = await caseOf()
    expect(await cli(['verify', '--dir', path])).toMatchObject({ code: 3 })
    const { code, stdout } = await cli(['archive', '--dir', path], { nowMs })
    expect([code, stdout]).toEqual([0, expect.stringContaining('5 records')])
  })

  it('is not written over a log that proves nothing', async () => {
    const { files } = await sealedCopy()
    for (const name of files.keys()) if (name.includes('tile/entries')) files.set(name, Buffer.from('x'))
    const path = join(await folderOf(new Map()), 'case')
    const said = await cli(['export', '--dir', await folderOf(files), '--case', path], { nowMs })
    expect(said).toMatchObject({ code: 3, stderr: expect.stringContaining('Run risk-export verify') })
    expect(() => readdirSync(path)).toThrow('ENOENT')
  })

  it('has a name and files that Windows can have', async () => {
    const { files } = await caseOf()
    for (const part of files.flatMap((name) => name.split('/'))) expect(part).toSatisfy(isPortable)
    const refused = await cli(['export', '--dir', '.', '--case', 'case 17: leak'], { nowMs })
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('Windows') })
  })
})
