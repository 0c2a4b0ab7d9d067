import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What tests a folder of shared/ besides the tests in the folder of its name. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  source: ['test/property/source-*.test.ts'],
  delivery: ['test/pipeline/ingest/{ingest,settle-at-sink}.test.ts'],
  'pipeline/ingest': ['test/property/isolation.test.ts'],
  pipeline: ['test/property/isolation.test.ts', 'test/cli/{dead-letters,replay,status,trace}.test.ts'],
}

const folder = process.env['MUTATED_FOLDER'] ?? ''

/**
 * The run of a mutant ends with the first test that fails: what noticed the last one goes first,
 * then the quick before the slow.
 */
class LikelyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => this.#rank(a) - this.#rank(b))
  }

  #rank({ project, moduleId }: TestSpecification): number {
    const last = this.ctx.cache.getFileTestResults(
      `${project.name}:${relative(this.ctx.config.root, moduleId)}`,
    )
    return last?.failed === true ? 0 : (last?.duration ?? 0)
  }
}

export default defineConfig({
  test: {
    include: [`test/${folder}/**/*.test.ts`, ...(ALSO[folder] ?? [])],
    // What measures, or takes seconds in any case: a mutant that survives waits for every test.
    exclude: [
      '**/*.long.test.ts',
      'test/pipeline/peers-fault-matrix.test.ts',
      'test/pipeline/redeliver/{slow-refusals,stored-garbage,two-forms,wake-ups}.test.ts',
    ],
    setupFiles: ['test/mutation/first-failure.ts'],
    sequence: { sequencer: LikelyFirst },
    // Code that counts where it comes by is slow, and so is a machine that does other work.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
  },
})
