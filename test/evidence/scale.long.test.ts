import { beforeAll, describe, expect, it } from 'vitest'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import type { SealPorts } from '../../shared/evidence/seal/seal-ports.ts'
import type { EvidenceCopy } from '../../shared/evidence/verify/evidence-copy.ts'
import { verify } from '../../shared/evidence/verify/verify.ts'
import { aBlob, MemoryArchive, MemoryLog, newKeyPem, OPTIONS, portsOf } from '../support/evidence-world.ts'
import { liveBytes } from '../support/live-bytes.ts'

const BLOBS = 100_000
const HOUR_MS = 3_600_000
/** Names and times of what is to be sealed, and fingerprints of what is; nothing for each commit. */
const MOST_HELD_BYTES = 100e6
/** A leaf as it is stored and as it is parsed, its name and its place in the tree. */
const MOST_HELD_PER_LEAF = 2500

/** 100,000 blobs in memory: what is measured is the program, not a storage. */
describe('an archive of 100,000 blobs', () => {
  const archive = new MemoryArchive()
  const log = new MemoryLog()
  let ports: SealPorts
  let most = Number.NEGATIVE_INFINITY
  beforeAll(() => {
    for (let n = 0; n < BLOBS; n += 1) archive.add(aBlob(n))
    archive.nowMs += HOUR_MS
    const before = liveBytes()
    ports = portsOf(archive, log, {
      keys: localKeys(newKeyPem()),
      failpoint: (at) => {
        if (at !== 'commitWritten') return
        const logBytes = [...log.files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
        most = Math.max(most, liveBytes() - before - logBytes)
      },
    })
  }, 600_000)

  /** In ms of CPU: archive and log are in memory, and other processes are none of its time. */
  const timed = async (what: string): Promise<number> => {
    const before = process.cpuUsage()
    await seal(ports, OPTIONS)
    const { user, system } = process.cpuUsage(before)
    const ms = (user + system) / 1000
    process.stdout.write(
      `${what}: ${Math.round(ms)} ms of CPU, held by the seal ${Math.round(most / 1e6)} MB\n`,
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
    expect(most).toBeLessThan(MOST_HELD_BYTES)
  }, 600_000)

  it('is verified in memory that grows with the log alone, not with what was read', async () => {
    const names = [...archive.blobs.keys()].sort()
    const copy: EvidenceCopy = {
      async *archiveNames() {
        yield* names
      },
      async *logNames() {
        yield* log.files.keys()
      },
      read: async (name) => archive.blobs.get(name)?.content ?? log.files.get(name),
    }
    const before = liveBytes()
    const held: number[] = []
    const { status, looked } = await verify(copy, {
      keys: [],
      anchors: [],
      from: undefined,
      to: undefined,
      signal: new AbortController().signal,
      threads: undefined,
      onProgress: (blobs) => {
        if (blobs % 20_000 === 1) held.push((liveBytes() - before) / names.length)
      },
    })
    process.stdout.write(`verifying: ${held.map(Math.round).join(', ')} bytes held per blob of the log\n`)
    expect(looked).toMatchObject({ blobs: names.length, unchanged: names.length })
    expect(status).not.toBe('integrity')
    expect(held).toHaveLength(6)
    expect(Math.max(...held)).toBeLessThan(MOST_HELD_PER_LEAF)
    expect((held.at(-1) ?? 0) - (held[0] ?? 0)).toBeLessThan(MOST_HELD_PER_LEAF / 20)
  }, 600_000)
})
