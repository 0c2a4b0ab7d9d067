import { describe, expect, it } from 'vitest'
import { prng } from '../../../local/checks/chaos/prng.ts'
import { parseAnchors } from '../../../shared/evidence/verify/anchor.ts'
import { parsePublicKey } from '../../../shared/evidence/verify/parse-public-key.ts'
import { runLength } from '../../support/run-length.ts'
import { forge } from './forger.ts'
import { verified } from './memory-copy.ts'
import { cutOff } from './rewritten-blob.ts'
import { type CopyOptions, eventBlob, type Files, sealedCopy } from './sealed-copy.ts'
import { anchorOf } from './verdict-under-test.ts'

const ARCHIVE: CopyOptions = {
  seals: [[0, 1, eventBlob(0, { partition: '1' })], [2], [3, 4, eventBlob(1, { partition: '1' })], [5]],
  partitions: [{ lastSequenceNumber: 5 }, { partition: '1', lastSequenceNumber: 1 }],
}
const SEED = 5_122_026

type Trust = Parameters<typeof verified>[1]

async function known(options: CopyOptions) {
  const { files, publicKey } = await sealedCopy(options)
  const keys = [parsePublicKey(publicKey) as Buffer]
  const anchors = parseAnchors(Buffer.from(anchorOf(files)), 'anchor') ?? []
  return { files, keys, anchors }
}

describe('someone who may replace every blob, but has no key and cannot touch the anchors', () => {
  it.each([
    ['signed', ARCHIVE],
    ['signed by a key that followed another', { ...ARCHIVE, rotatesAt: 2 }],
  ] as const)(
    'is found, whatever they rewrite, by key, by anchor, or by both: a log %s',
    async (_, options) => {
      const { files, keys, anchors } = await known(options)
      const trusts: readonly Trust[] = [
        { keys, anchors },
        { keys, anchors: [] },
        { keys: [], anchors },
      ]
      for (const trust of trusts) expect((await verified(files, trust)).status).toBe('ok')
      const believed: string[] = []
      for (let round = 0; round < runLength(45, 6_000); round += 1) {
        const trust = trusts[round % trusts.length] as Trust
        const forged: Files = new Map(files)
        const how = forge(forged, prng(SEED + round))
        const { status } = await verified(forged, trust)
        if (status !== 'integrity')
          believed.push(
            `${round}, ${trust.keys.length} keys, ${trust.anchors.length} anchors: ${status}, ${how}`,
          )
      }
      expect(believed).toEqual([])
    },
    900_000,
  )

  it('is found in a log without a key, by the anchor', async () => {
    const { files, anchors } = await known({ ...ARCHIVE, isSigned: false })
    expect((await verified(files, { keys: [], anchors })).status).toBe('ok')
    const believed: string[] = []
    for (let round = 0; round < runLength(15, 2_000); round += 1) {
      const forged: Files = new Map(files)
      const how = forge(forged, prng(SEED + round))
      if ((await verified(forged, { keys: [], anchors })).status !== 'integrity')
        believed.push(`${round}: ${how}`)
    }
    expect(believed).toEqual([])
  }, 900_000)

  it('may cut off the end of the log, which the key does not show, but the anchor does', async () => {
    const { files, keys, anchors } = await known({})
    cutOff(files)
    expect(await verified(files, { keys, anchors: [] })).toMatchObject({
      status: 'ok',
      findings: [{ class: 'PENDING' }],
    })
    for (const given of [keys, []])
      expect((await verified(files, { keys: given, anchors })).status).toBe('integrity')
  })
})
