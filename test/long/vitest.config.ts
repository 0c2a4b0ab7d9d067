import { defineConfig } from 'vitest/config'

/**
 * `npm run test:long`: what takes minutes by its nature, and what the everyday suite tries with
 * fewer seeds.
 */
export default defineConfig({
  test: {
    experimental: { fsModuleCache: true },
    include: [
      'test/**/*.long.test.ts',
      'test/azure/bounded-client.test.ts',
      'test/delivery/dedup/duplicate-window.test.ts',
      'test/encoding/tidy-json.test.ts',
      'test/evidence/{blob-log-store,races}.test.ts',
      'test/evidence/verify/{forgery,prove,rederive,same-lines,sweep}.test.ts',
      'test/local/checks/chaos/{injected-bugs,model,storage-disruptions}.test.ts',
      'test/pipeline/ingest/memory-gate.test.ts',
      'test/property/*.test.ts',
      'test/sinks/{every-sink,*/*contract}.test.ts',
      'test/sinks/log-analytics/row.test.ts',
      'test/source/parse-trigger.test.ts',
    ],
    env: { LONG_RUN: '1' },
    globalSetup: ['test/support/build-once.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
})
