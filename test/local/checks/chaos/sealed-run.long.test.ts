import { describe, expect, it } from 'vitest'
import { processRun } from '../../../../local/checks/chaos/processes/process-run.ts'
import { blobNames } from '../../../../local/checks/once/collect.ts'
import type { Stores } from '../../../../local/checks/once/stores.ts'

const runWith = (onSealed?: (stores: Stores) => Promise<void>) =>
  processRun({
    seed: 12,
    seconds: 8,
    nowMs: () => Date.now(),
    say: () => undefined,
    onVerified: async () => undefined,
    ...(onSealed === undefined ? {} : { onSealed }),
  })

const firstOf = async ({ archive }: Stores) => {
  const [name = ''] = await blobNames(archive)
  return { name, blob: archive.getBlockBlobClient(name) }
}

describe('what a chaos run leaves', { timeout: 300_000 }, () => {
  it('is verified, though sealers were killed', async () => {
    const { problems, kills } = await runWith()
    expect(problems).toEqual([])
    expect(kills).toBeGreaterThan(0)
  })

  it('is not, once a blob of the archive is removed', async () => {
    let removed = ''
    const { problems } = await runWith(async (stores) => {
      const { name, blob } = await firstOf(stores)
      removed = name
      await blob.delete()
    })
    expect(problems).toContainEqual(expect.stringMatching(`^verify: BLOB_MISSING, ${removed}: `))
  })

  it('is not, once a blob of the archive holds something else', async () => {
    let altered = ''
    const { problems } = await runWith(async (stores) => {
      const { name, blob } = await firstOf(stores)
      altered = name
      const last = (await blobNames(stores.archive)).at(-1) ?? ''
      const content = await stores.archive.getBlockBlobClient(last).downloadToBuffer()
      await blob.upload(content, content.byteLength)
    })
    expect(problems).toContainEqual(expect.stringMatching(`^verify: BLOB_CHANGED, ${altered}: `))
  })
})
