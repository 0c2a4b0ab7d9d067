import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { startAzurite } from '../../../local/emulators/azurite/azurite.ts'

/** Node and the messages themselves are half of it. */
const MAX_MB = 350
/**
 * Without, Node would rather let garbage lie than collect it, and nobody could tell what is needed.
 */
const HEAP_BOUNDS = ['--max-old-space-size=160', '--max-semi-space-size=4']

interface Figures {
  readonly messageMb: number
  readonly records: number
  readonly delivered: number
  readonly peakMb: number
}

it(`a process that is handed 100 messages of 1 MB on four partitions at once stays under ${MAX_MB} MB`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'risk-export-memory-'))
  const azurite = await startAzurite()
  try {
    await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'dir')
    const script = join(folder, 'large-messages.mjs')
    await build({
      entryPoints: ['test/support/large-messages.ts'],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    })
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...HEAP_BOUNDS,
      script,
      azurite.connectionString,
    ])
    const figures = JSON.parse(stdout) as Figures
    expect(figures.messageMb).toBe(100)
    expect(figures.delivered).toBe(figures.records * 2)
    expect(figures.peakMb).toBeLessThan(MAX_MB)
  } finally {
    await azurite.stop()
    await rm(folder, { recursive: true })
  }
}, 120_000)
