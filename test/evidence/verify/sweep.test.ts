import { describe, expect, it } from 'vitest'
import { prng } from '../../../local/checks/chaos/prng.ts'
import { parseAnchors } from '../../../shared/evidence/verify/anchor.ts'
import { parsePublicKey } from '../../../shared/evidence/verify/parse-public-key.ts'
import { runLength } from '../../support/run-length.ts'
import { verified } from './memory-copy.ts'
import { isFactChanged, mutate } from './mutations.ts'
import { type CopyOptions, eventBlob, type Files, sealedCopy } from './sealed-copy.ts'
import { anchorOf } from './verdict-under-test.ts'

/** Two partitions, four seals, a key that follows another, a blob that is none, two that overlap. */
const SMALL: CopyOptions = {
  seals: [
    [0, 1, eventBlob(0, { partition: '1' })],
    [2, { name: eventBlob(2).name.replace('p=0', 'p=2'), content: Buffer.from('junk') }],
    [3, 4, eventBlob(1, { partition: '1' })],
    [5],
  ],
  partitions: [{ lastSequenceNumber: 5 }, { partition: '1', lastSequenceNumber: 1 }],
  rotatesAt: 2,
}
/** Full tiles, on two levels. */
const LARGE: CopyOptions = {
  seals: [Array.from({ length: 250 }, (_, n) => n), Array.from({ length: 20 }, (_, n) => 250 + n)],
  partitions: [{ lastSequenceNumber: 269 }],
}
const SEED = 20_261_128

interface Swept {
  /** Mutations that changed a fact. */
  readonly changed: number
  readonly missed: readonly string[]
}

/** Every other mutation is looked at without an anchor: that finds less, and must find it all. */
async function sweep(options: CopyOptions, rounds: number, part = 0): Promise<Swept> {
  const { files, publicKey } = await sealedCopy(options)
  const keys = [parsePublicKey(publicKey) as Buffer]
  const anchor = parseAnchors(Buffer.from(anchorOf(files)), 'anchor') ?? []
  expect((await verified(files, { keys, anchors: anchor })).status).toBe('ok')
  const missed: string[] = []
  let changed = 0
  for (let round = 0; round < rounds; round += 1) {
    const mutated: Files = new Map(files)
    const what = mutate(mutated, prng(SEED + part * rounds + round))
    if (!isFactChanged(files, mutated)) continue
    changed += 1
    const anchors = round % 2 === 0 ? [] : anchor
    const { status, findings } = await verified(mutated, { keys, anchors })
    // So a seal leaves the log that was killed before its last step: noted, and no more.
    const isOlderHead = findings.some((one) => one.class === 'NEWEST_BEHIND')
    if (status === 'ok' && !isOlderHead) missed.push(`${part}, ${round}, ${anchors.length} anchors: ${what}`)
  }
  return { changed, missed }
}

const PARTS = Array.from({ length: runLength(1, 5) }, (_, part) => part)

describe('a sweep of random mutations over all files of archive and log', () => {
  it.each(PARTS)(
    'finds every one that changes a fact, with and without an anchor, part %i',
    async (part) => {
      const rounds = runLength(150, 4_000)
      const { changed, missed } = await sweep(SMALL, rounds, part)
      expect(missed).toEqual([])
      expect(changed).toBeGreaterThan(rounds / 2)
    },
    900_000,
  )

  it('finds them in a log with full tiles', async () => {
    expect((await sweep(LARGE, runLength(5, 500))).missed).toEqual([])
  }, 900_000)
})
