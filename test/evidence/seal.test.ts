import { beforeEach, describe, expect, it } from 'vitest'
import { EvidenceError } from '../../shared/evidence/evidence-error.ts'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import { checkpointName, commitName, NEWEST_CHECKPOINT } from '../../shared/evidence/log-layout.ts'
import { keyIdOf, parseVerifierKey } from '../../shared/evidence/note.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import type { SealPorts } from '../../shared/evidence/seal/seal-ports.ts'
import { tilePath, tilesOfSize } from '../../shared/evidence/tiles.ts'
import {
  aBlob,
  MemoryArchive,
  MemoryLog,
  newKeyPem,
  OPTIONS,
  portsOf,
  readLog,
  sealedNames,
  withoutKey,
} from '../support/evidence-world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

let archive: MemoryArchive
let log: MemoryLog
let ports: SealPorts
beforeEach(() => {
  archive = new MemoryArchive()
  log = new MemoryLog()
  ports = portsOf(archive, log)
})

const read = () => readLog(log.files, log.published)
const later = (ms: number) => {
  archive.nowMs += ms
}
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'none'
  } catch (error) {
    return error instanceof EvidenceError ? error.code : String(error)
  }
}

describe('a seal', () => {
  it('begins the log with the key, the blobs, the partitions, and itself', async () => {
    archive.add(aBlob(1), aBlob(2))
    later(2 * MINUTE_MS)
    const report = await seal(ports, OPTIONS)
    const { leaves, checkpoints, newest } = read()
    expect(leaves.map(({ type }) => type)).toEqual(['key', 'archive', 'archive', 'partition', 'seal'])
    expect(report).toMatchObject({ size: 5, blobs: 2, commits: 1, root: newest?.root })
    expect(checkpoints).toHaveLength(1)
  })

  it('tells of a blob what its lines hold', async () => {
    const blob = aBlob(7)
    archive.add(blob)
    later(2 * MINUTE_MS)
    await seal(ports, OPTIONS)
    expect(read().leaves[1]).toMatchObject({
      type: 'archive',
      name: blob.name,
      bytes: blob.content.byteLength,
      lines: 1,
      messages: 1,
      records: 1,
      events: 0,
      faults: 1,
      skipped: 0,
      firstSequenceNumber: 7,
      lastSequenceNumber: 7,
    })
  })

  it('leaves blobs alone until they are old enough by the clock of the storage', async () => {
    archive.add(aBlob(1))
    later(OPTIONS.settleMs)
    await seal(ports, OPTIONS)
    expect(sealedNames(read().leaves)).toEqual([])
    later(1)
    await seal(ports, OPTIONS)
    expect(sealedNames(read().leaves)).toEqual([aBlob(1).name])
  })

  it('takes each blob once', async () => {
    for (let n = 0; n < 5; n += 1) {
      archive.add(aBlob(n))
      later(2 * MINUTE_MS)
      await seal(ports, OPTIONS)
    }
    expect(sealedNames(read().leaves)).toEqual([0, 1, 2, 3, 4].map((n) => aBlob(n).name))
  })

  it('is made once an hour even when nothing came, and not more often', async () => {
    await seal(ports, OPTIONS)
    later(HOUR_MS - 1)
    await seal(ports, OPTIONS)
    expect(read().commits).toHaveLength(1)
    later(1)
    await seal(ports, OPTIONS)
    expect(read().commits).toHaveLength(2)
    expect(read().commits[1]?.leaves.map(({ type }) => type)).toEqual(['partition', 'seal'])
  })

  it('takes many blobs in several commits, and claims of each only what is in it', async () => {
    for (let n = 0; n < 25; n += 1) {
      archive.add(aBlob(n))
      later(1000)
    }
    later(2 * MINUTE_MS)
    const report = await seal(ports, { ...OPTIONS, maxBlobs: 10 })
    expect(report).toMatchObject({ blobs: 25, commits: 3 })
    const { commits } = read()
    const created = new Map([...archive.blobs].map(([name, { createdAt }]) => [name, createdAt]))
    const sealed = new Set<string>()
    for (const { leaves } of commits) {
      for (const name of sealedNames(leaves)) sealed.add(name)
      const claim = leaves.at(-1)
      if (claim?.type !== 'seal') throw new Error('a commit that does not end with a seal')
      const claimed = [...created].filter(([, at]) => at < Date.parse(claim.settledBefore))
      expect(claimed.filter(([name]) => !sealed.has(name))).toEqual([])
    }
  })

  it('looks at the whole archive again after a process that died between two commits', async () => {
    later(30 * DAY_MS)
    for (let n = 0; n < 25; n += 1) archive.add(aBlob(n))
    later(2 * MINUTE_MS)
    const killed = { ...ports, failpoint: () => Promise.reject(new Error('killed')) }
    await expect(seal(killed, { ...OPTIONS, maxBlobs: 10 })).rejects.toThrow('killed')
    later(1)
    expect(await seal(ports, OPTIONS)).toMatchObject({ blobs: 15 })
  })

  it('goes on without the hub, and reports that', async () => {
    const problems: string[] = []
    await seal(
      {
        ...ports,
        partitions: () => Promise.reject(new Error('no answer')),
        onProblem: (problem) => problems.push(problem),
      },
      OPTIONS,
    )
    expect(read().leaves.map(({ type }) => type)).toEqual(['key', 'seal'])
    expect(problems).toEqual(['partitionsNotRead'])
  })

  it('keeps what is under the name of an archive blob and is none', async () => {
    const { name } = aBlob(1)
    archive.add({ name, content: Buffer.from('not gzip') })
    const other = aBlob(2)
    archive.add({ name: other.name, content: Buffer.concat([other.content, Buffer.alloc(3)]) })
    archive.add({ name: aBlob(3).name, content: aBlob(4).content })
    later(2 * MINUTE_MS)
    await seal(ports, OPTIONS)
    expect(read().leaves.filter(({ type }) => type === 'unreadable')).toHaveLength(3)
  })

  it('publishes a log of tiles, and the key beside it', async () => {
    for (let n = 0; n < 600; n += 1) archive.add(aBlob(n))
    later(2 * MINUTE_MS)
    const { size } = await seal(ports, OPTIONS)
    expect(size).toBe(603)
    for (const tile of tilesOfSize(size)) expect(log.files.has(tilePath(tile)), tilePath(tile)).toBe(true)
    const key = await ports.keys?.current()
    const keyId = keyIdOf(key?.spki ?? Buffer.alloc(0))
    expect(parseVerifierKey(log.files.get(`keys/${keyId}.vkey`)?.toString().trim() ?? '')?.spki).toEqual(
      key?.spki,
    )
    expect(log.files.get(`keys/${keyId}.pem`)?.toString()).toContain('BEGIN PUBLIC KEY')
  })
})

describe('late blobs', () => {
  const late = (n: number) => aBlob(n)

  it('are found under days up to the look-back in each run, and all of them once a day', async () => {
    // The blobs of this test are of 2 November.
    archive.add(aBlob(1))
    later(2 * MINUTE_MS)
    await seal(ports, OPTIONS)
    // Nine days and more later only the whole look, once a day, comes by their day.
    later(12 * DAY_MS)
    await seal(ports, OPTIONS)
    archive.add(late(2))
    archive.listed.length = 0
    later(HOUR_MS)
    await seal(ports, OPTIONS)
    expect(archive.listed).toEqual([])
    expect(sealedNames(read().leaves)).toEqual([aBlob(1).name])
    later(DAY_MS)
    await seal(ports, OPTIONS)
    expect(archive.listed).toEqual(['2026-11-02'])
    expect(sealedNames(read().leaves)).toEqual([aBlob(1).name, late(2).name])
  })

  it('are found in the next run while their day is looked at', async () => {
    await seal(ports, OPTIONS)
    later(5 * DAY_MS)
    await seal(ports, OPTIONS)
    archive.add(late(3))
    later(2 * MINUTE_MS)
    await seal(ports, OPTIONS)
    expect(sealedNames(read().leaves)).toEqual([late(3).name])
  })
})

describe('the key of a log', () => {
  it('is announced before its first use: a rotation is signed by the old one', async () => {
    const [first, second] = [newKeyPem(), newKeyPem()]
    await seal({ ...ports, keys: localKeys(first) }, OPTIONS)
    later(HOUR_MS)
    await seal({ ...ports, keys: localKeys(second, first) }, OPTIONS)
    later(HOUR_MS)
    await seal({ ...ports, keys: localKeys(second, first) }, OPTIONS)
    const { checkpoints, leaves } = read()
    const signers = checkpoints.map(({ note }) => note.signatures[0]?.keyId)
    const announced = leaves.flatMap((leaf) =>
      leaf.type === 'key' ? keyIdOf(Buffer.from(leaf.publicKey, 'base64')) : [],
    )
    expect(announced).toHaveLength(2)
    expect(signers).toEqual([announced[0], announced[0], announced[1]])
  })

  it('is held, or the log ends there and says so', async () => {
    const first = newKeyPem()
    await seal({ ...ports, keys: localKeys(first) }, OPTIONS)
    const before = new Map(log.files)
    later(2 * HOUR_MS)
    expect(await codeOf(seal({ ...ports, keys: localKeys(newKeyPem()) }, OPTIONS))).toBe('keyLost')
    expect(await codeOf(seal(withoutKey(ports), OPTIONS))).toBe('keyLost')
    expect(log.files).toEqual(before)
  })

  it('may be missing: then nothing is signed', async () => {
    archive.add(aBlob(1))
    later(2 * MINUTE_MS)
    await seal(withoutKey(ports), OPTIONS)
    later(HOUR_MS)
    await seal(withoutKey(ports), OPTIONS)
    const { checkpoints, leaves } = read()
    expect(checkpoints.map(({ note }) => note.signatures)).toEqual([[], []])
    expect(leaves.map(({ type }) => type)).not.toContain('key')
  })

  it('does not sign on top of a head that it did not sign', async () => {
    await seal(withoutKey(ports), OPTIONS)
    later(2 * HOUR_MS)
    expect(await codeOf(seal(ports, OPTIONS))).toBe('notOurs')
  })
})

describe('a log that was interfered with', () => {
  beforeEach(async () => {
    for (let n = 0; n < 300; n += 1) archive.add(aBlob(n))
    later(2 * MINUTE_MS)
    await seal(ports, OPTIONS)
    later(HOUR_MS)
  })

  it('gets its tiles and bundles again from the commits', async () => {
    const before = new Map(log.files)
    for (const name of before.keys()) if (name.startsWith('tile/')) log.files.delete(name)
    await seal(ports, OPTIONS)
    for (const name of [...before.keys()].filter((one) => one.startsWith('tile/')))
      expect(log.files.get(name)?.toString('base64'), name).toBe(before.get(name)?.toString('base64'))
    expect(read().commits).toHaveLength(2)
  })

  it('goes on from the checkpoints when the newest one is lost or unreadable', async () => {
    log.files.delete(NEWEST_CHECKPOINT)
    await seal(ports, OPTIONS)
    log.files.set(NEWEST_CHECKPOINT, Buffer.from('rubbish'))
    later(HOUR_MS)
    await seal(ports, OPTIONS)
    expect(read().commits).toHaveLength(3)
  })

  it('is not stopped by a checkpoint that somebody made up, and overwrites it', async () => {
    const genuine = log.files.get(NEWEST_CHECKPOINT)?.toString() ?? ''
    log.files.set(NEWEST_CHECKPOINT, Buffer.from(genuine.replace(/\n\d+\n/, '\n999999\n')))
    await seal(ports, OPTIONS)
    expect(read().commits).toHaveLength(2)
    expect(read().newest?.size).toBe(read().leaves.length)
  })

  it('goes on from an older checkpoint that somebody put back', async () => {
    const older = log.files.get(NEWEST_CHECKPOINT) as Buffer
    await seal(ports, OPTIONS)
    log.files.set(NEWEST_CHECKPOINT, older)
    later(HOUR_MS)
    await seal(ports, OPTIONS)
    expect(read().commits).toHaveLength(3)
  })

  it('is not continued when its history was changed and its hashes made to fit', async () => {
    const forged = new MemoryLog()
    const other = new MemoryArchive()
    other.add(...[...archive.blobs].slice(1).map(([name, { content }]) => ({ name, content })))
    other.nowMs = archive.nowMs
    await seal(portsOf(other, forged), OPTIONS)
    log.files.clear()
    for (const [name, content] of forged.files) log.files.set(name, content)
    expect(await codeOf(seal(ports, OPTIONS))).toBe('keyLost')
  })

  it('is not continued over a commit that says something else than the archive', async () => {
    const size = read().newest?.size ?? 0
    const [commit] = read().commits
    const lie = commit?.entries[1]?.toString().replace('"faults":1', '"faults":2') ?? ''
    const end = commit?.entries.at(-1)?.toString() ?? ''
    log.files.set(commitName(size), Buffer.from(`${lie}\n${end}\n`))
    expect(await codeOf(seal(ports, OPTIONS))).toBe('foreignCommit')
    expect(log.files.has(checkpointName(size + 2))).toBe(false)
  })

  it('is not continued over a commit that announces a key of somebody else', async () => {
    const size = read().newest?.size ?? 0
    const forged = new MemoryLog()
    await seal(portsOf(new MemoryArchive(), forged), OPTIONS)
    log.files.set(commitName(size), forged.files.get(commitName(0)) as Buffer)
    expect(await codeOf(seal(ports, OPTIONS))).toBe('foreignCommit')
  })
})
