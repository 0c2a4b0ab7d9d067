import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { startAzurite } from '../../../local/emulators/azurite/azurite.ts'
import { bundledScript } from '../../support/bundled-script.ts'

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
  const azurite = await startAzurite()
  try {
    const script = await bundledScript('large-messages')
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
  }
}, 120_000)
