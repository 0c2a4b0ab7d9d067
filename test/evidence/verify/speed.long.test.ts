import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeSealedArchive } from '../../support/archive-folder.ts'

const run = promisify(execFile)
const ROUNDS = 3
/** Of CPU, whatever else the machine does; the figure that counts is that of a quiet one. */
const LEAST_CPU_RATIO = 0.15

interface Took {
  readonly seconds: number
  readonly cpuSeconds: number
}

/** How long a shell command takes, with all of its processes. */
async function took(command: string, folder: string): Promise<Took> {
  const script = `TIMEFORMAT='%R %U %S'; time { ${command} >/dev/null 2>&3; } 3>/dev/null`
  const { stderr } = await run('bash', ['-ec', script], { cwd: folder })
  const [seconds = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number)
  return { seconds, cpuSeconds: user + system }
}

/** The one with the least disturbance. */
const best = (all: readonly number[]): number => Math.max(...all)

describe('the speed of verify beside sha256sum and gunzip of the same files', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'verify-speed-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  // The Functions host hands over at most 50 messages; Entra puts several records into one.
  it('is told, with full blobs: 50 messages of 10 records each', async () => {
    const { blobs } = await writeSealedArchive(folder, {
      blobs: 400,
      messagesPerBlob: 50,
      recordsPerMessage: 10,
    })
    await writeFile(join(folder, 'list'), blobs.map((name) => `archive/${name}\n`).join(''))
    const { stdout } = await run('du', ['-cb', ...blobs.map((name) => join(folder, 'archive', name))])
    const megabytes = Number(/(\d+)\ttotal/.exec(stdout)?.[1]) / 1e6
    const verify = `${process.execPath} ${join(process.cwd(), 'dist/risk-export.mjs')} verify --dir . --json`
    const cpuRatios: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const plain = await took('xargs sha256sum < list; xargs gunzip -c < list', folder)
      const ours = await took(verify, folder)
      cpuRatios.push(plain.cpuSeconds / ours.cpuSeconds)
      const rate = ({ seconds, cpuSeconds }: Took) =>
        `${(megabytes / seconds).toFixed(1)} MB/s, ${cpuSeconds.toFixed(1)} s of CPU`
      process.stdout.write(
        `${megabytes.toFixed(1)} MB: sha256sum and gunzip ${rate(plain)}; verify ${rate(ours)}; ratio ${(plain.seconds / ours.seconds).toFixed(2)}, of CPU ${cpuRatios.at(-1)?.toFixed(2)}\n`,
      )
    }
    expect(best(cpuRatios)).toBeGreaterThan(LEAST_CPU_RATIO)
  }, 600_000)
})
