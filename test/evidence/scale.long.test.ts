import { beforeAll, describe, expect, it } from 'vitest'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import type { SealPorts } from '../../shared/evidence/seal/seal-ports.ts'
import { aBlob, MemoryArchive, MemoryLog, newKeyPem, OPTIONS, portsOf } from '../support/evidence-world.ts'

const BLOBS = 100_000
const HOUR_MS = 3_600_000

/** 100,000 blobs in memory: what is measured is the program, not a storage. */
describe('an archive of 100,000 blobs', () => {
  const archive = new MemoryArchive()
  const log = new MemoryLog()
  let ports: SealPorts
  beforeAll(() => {
    for (let n = 0; n < BLOBS; n += 1) archive.add(aBlob(n))
    archive.nowMs += HOUR_MS
    ports = portsOf(archive, log, { keys: localKeys(newKeyPem()) })
  }, 600_000)

  const timed = async (what: string): Promise<number> => {
    const startMs = performance.now()
    await seal(ports, OPTIONS)
    const ms = performance.now() - startMs
    process.stdout.write(
      `${what}: ${Math.round(ms)} ms, ${Math.round(process.memoryUsage().rss / 1e6)} MB resident\n`,
    )
    return ms
  }

  it('is sealed at once, then hour by hour, and looked at as a whole once a day', async () => {
    const all = await timed('sealing all')
    archive.add(aBlob(BLOBS))
    archive.nowMs += HOUR_MS
    const whole = await timed('one more blob, reading back the days looked at')
    for (let hour = 0; hour < 23; hour += 1) archive.nowMs += HOUR_MS
    await timed('a day later, looking at the whole archive')
    expect(all).toBeLessThan(180_000)
    expect(whole).toBeLessThan(20_000)
  }, 600_000)
})
