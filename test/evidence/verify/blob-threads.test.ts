import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from 'vitest'
import { CHECKS_BLOBS, type Threads } from '../../../shared/evidence/verify/blob-threads.ts'
import type { EvidenceCopy } from '../../../shared/evidence/verify/evidence-copy.ts'
import { type VerifyOptions, verify } from '../../../shared/evidence/verify/verify.ts'
import { type Files, sealedCopy } from './sealed-copy.ts'

const BLOBS = 1100

/** The built command, as it starts itself. */
const builtThreads = (started: Worker[]): Threads => ({
  count: 3,
  start: () => {
    const worker = new Worker('./dist/risk-export.mjs', { workerData: CHECKS_BLOBS })
    started.push(worker)
    return worker
  },
})

const scriptThreads = (script: string): Threads => ({
  count: 3,
  start: () => new Worker(script, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 32 } }),
})

const optionsOf = (threads: Threads | undefined, more: Partial<VerifyOptions> = {}): VerifyOptions => ({
  keys: [],
  anchors: [],
  from: undefined,
  to: undefined,
  onProgress: () => undefined,
  signal: new AbortController().signal,
  threads,
  ...more,
})

/** Files by their blob names: without the folder of their container. */
function copyOf(files: Files): EvidenceCopy {
  const contents = new Map([...files].map(([path, content]) => [path.replace(/^[^/]+\//, ''), content]))
  const names = [...contents.keys()].sort()
  return {
    async *archiveNames() {
      yield* names.filter((name) => name.startsWith('v1/'))
    },
    async *logNames() {
      yield* names.filter((name) => !name.startsWith('v1/'))
    },
    read: async (name) => contents.get(name),
  }
}

/** More blobs than are checked without other threads, some of them damaged, some unsealed. */
async function damagedFiles(): Promise<Files> {
  const numbers = Array.from({ length: BLOBS }, (_, n) => n)
  const { files } = await sealedCopy({
    seals: [numbers],
    tail: [BLOBS],
    partitions: [{ lastSequenceNumber: BLOBS }],
  })
  const names = [...files.keys()].filter((name) => name.startsWith('archive/')).sort()
  for (const at of [3, 1010, 1090]) files.set(names[at] ?? '', Buffer.from('no gzip'))
  const longer = names[1050] ?? ''
  files.set(longer, Buffer.concat([files.get(longer) ?? Buffer.alloc(0), Buffer.from('more')]))
  return files
}

describe('an archive of many blobs, on several threads,', () => {
  let files: Files
  beforeAll(async () => {
    files = await damagedFiles()
  }, 120_000)

  it('is found as on one: everything looked at, every finding in its order, and its progress told blob by blob', async () => {
    const copy = copyOf(files)
    const started: Worker[] = []
    const seen: number[] = []
    const onProgress = (blobs: number) => seen.push(blobs)
    const alone = await verify(copy, optionsOf(undefined))
    const together = await verify(copy, optionsOf(builtThreads(started), { onProgress }))
    expect(started).toHaveLength(2)
    expect(seen).toEqual(Array.from({ length: BLOBS + 1 }, (_, n) => n + 1))
    expect({ ...together, log: together.log?.root }).toEqual({ ...alone, log: alone.log?.root })
    expect(alone.looked).toMatchObject({ blobs: BLOBS + 1, unchanged: BLOBS - 4 })
  })

  it.each([
    ['throws', 'throw new Error("out of order")', 'out of order'],
    ['ends', 'process.exit(9)', 'ended with code 9'],
    [
      'runs out of memory',
      'require("node:worker_threads").parentPort.once("message", () => { const all = []; for (;;) all.push(new Array(1e6).fill(0.5)) })',
      'memory limit',
    ],
  ])('is no result if a thread %s', async (_, script, message) => {
    const copy = copyOf(files)
    await expect(verify(copy, optionsOf(scriptThreads(script)))).rejects.toThrow(message)
  })

  it('is interrupted at once, and leaves no thread behind', async () => {
    const copy = copyOf(files)
    const started: Worker[] = []
    const controller = new AbortController()
    const onProgress = (blobs: number) => {
      if (blobs === 1010) controller.abort()
    }
    const run = verify(copy, optionsOf(builtThreads(started), { onProgress, signal: controller.signal }))
    await expect(run).rejects.toThrow('aborted')
    expect(started.map(({ threadId }) => threadId)).toEqual([-1, -1])
  })
})

describe('an archive of few blobs', () => {
  it('does not wait for other threads', async () => {
    const { files } = await sealedCopy()
    const copy = copyOf(files)
    const none = scriptThreads('throw new Error("started")')
    const { status } = await verify(copy, optionsOf(none))
    expect(status).toBe('ok')
  })
})
