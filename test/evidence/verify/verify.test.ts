import { describe, expect, it } from 'vitest'
import { cli } from '../../cli/cli-under-test.ts'
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
