import { defineConfig } from 'vitest/config'

/**
 * `npm run test:long`: what takes minutes by its nature, and what the everyday suite tries with
 * fewer seeds.
 */
export default defineConfig({
  test: {
    include: [
      'test/**/*.long.test.ts',
      'test/evidence/blob-log-store.test.ts',
      'test/evidence/verify/{forgery,sweep}.test.ts',
      'test/local/checks/chaos/{model,storage-disruptions}.test.ts',
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
