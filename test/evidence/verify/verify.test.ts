import { describe, expect, it } from 'vitest'
import { cli } from '../../cli/cli-under-test.ts'
import { memoryCopy, verifiedCopy } from './memory-copy.ts'
import { type Files, folderOf, sealedCopy } from './sealed-copy.ts'
import { anchorOf, verdictOfFolder } from './verdict-under-test.ts'

describe('an archive that was sealed', () => {
  it('is verified, with what was looked at in numbers', async () => {
    const { files, publicKey } = await sealedCopy()
    const { code, classes, json } = await verdictOfFolder(files, { key: publicKey, anchor: anchorOf(files) })
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
    expect(await verdictOfFolder(files, { key: publicKey })).toMatchObject({
      code: 1,
      classes: ['SIGNATURE_BAD'],
    })
  })

  it('is also verified with all its containers in one folder', async () => {
    const { files, publicKey } = await sealedCopy()
    const flat: Files = new Map([...files].map(([name, content]) => [name.replace(/^[^/]+\//, ''), content]))
    expect((await verdictOfFolder(flat, { key: publicKey })).classes).toEqual([])
  })
})

describe('an archive from which files go while it is verified', () => {
  it('misses a sealed one as if it had not been listed', async () => {
    const { files } = await sealedCopy()
    const name = [...files.keys()].filter((path) => path.startsWith('archive/')).sort()[2] as string
    const without = new Map(files)
    without.delete(name)
    const gone = { ...memoryCopy(without), archiveNames: () => memoryCopy(files).archiveNames() }
    const expected = await verifiedCopy(memoryCopy(without), { keys: [], anchors: [] })
    expect(expected.findings.map((one) => one.class)).toContain('BLOB_MISSING')
    expect(await verifiedCopy(gone, { keys: [], anchors: [] })).toEqual(expected)
  })

  it('misses one that was never sealed', async () => {
    const { files } = await sealedCopy()
    const name = 'v1/ingest_date=2026-01-01/ingest_hour=00/never-sealed.jsonl.gz'
    const copy = memoryCopy(files)
    const gone = {
      ...copy,
      async *archiveNames() {
        yield* copy.archiveNames()
        yield name
      },
    }
    const { status, findings, looked } = await verifiedCopy(gone, { keys: [], anchors: [] })
    expect(status).toBe('integrity')
    expect(findings).toContainEqual(expect.objectContaining({ class: 'BLOB_MISSING', subject: name }))
    expect(looked.missing).toBe(1)
  })
})

describe('a verification that is interrupted', () => {
  it('says so, as other commands do, and is no result', async () => {
    const { files } = await sealedCopy()
    const words = ['verify', '--dir', await folderOf(files)]
    expect(await cli(words, { interruption: AbortSignal.abort() })).toEqual({
      code: 130,
      stdout: '',
      stderr: 'Interrupted.\n',
    })
  })
})
