import { describe, expect, it } from 'vitest'
import { SealedBlobs } from '../../../local/console/sealed-blobs.ts'
import { parseCheckpoint } from '../../../shared/evidence/checkpoint.ts'
import { NEWEST_CHECKPOINT } from '../../../shared/evidence/log-layout.ts'
import { seal } from '../../../shared/evidence/seal/seal.ts'
import { aBlob, MemoryArchive, MemoryLog, OPTIONS, portsOf } from '../../support/evidence-world.ts'

const HOUR_MS = 3_600_000

describe('blobs that wait for the next seal', () => {
  it('are those that came since the last one', async () => {
    const archive = new MemoryArchive()
    const log = new MemoryLog()
    const ports = portsOf(archive, log)
    const blobs = new SealedBlobs()
    const come = (...numbers: readonly number[]): void => {
      const some = numbers.map((number) => aBlob(number))
      archive.add(...some)
      for (const { name } of some) blobs.archived(name)
    }
    const sealed = async (): Promise<void> => {
      archive.nowMs += HOUR_MS
      await seal(ports, OPTIONS)
      const head = parseCheckpoint(log.files.get(NEWEST_CHECKPOINT) as Buffer)
      await blobs.follow(log, head?.size ?? 0)
    }
    come(0, 1, 2)
    expect(blobs.unsealed).toBe(3)
    await sealed()
    expect(blobs.unsealed).toBe(0)
    // More than one bundle of the log.
    for (let at = 3; at < 300; at += 1) come(at)
    expect(blobs.unsealed).toBe(297)
    await sealed()
    expect(blobs.unsealed).toBe(0)
    come(300, 301)
    expect(blobs.unsealed).toBe(2)
  })

  it('do not include one that was sealed before it was seen', async () => {
    const archive = new MemoryArchive()
    const log = new MemoryLog()
    archive.add(aBlob(0))
    archive.nowMs += HOUR_MS
    await seal(portsOf(archive, log), OPTIONS)
    const blobs = new SealedBlobs()
    await blobs.follow(log, parseCheckpoint(log.files.get(NEWEST_CHECKPOINT) as Buffer)?.size ?? 0)
    blobs.archived(aBlob(0).name)
    expect(blobs.unsealed).toBe(0)
  })
})
