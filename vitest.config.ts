import { defineConfig } from 'vitest/config'

/**
 * Tests of clients that keep what they learnt in the process (tokens, and where an identity is
 * found), and tests that look at what the process as a whole holds.
 */
const ISOLATED = [
  'test/azure/bounded-client.test.ts',
  'test/composition/{retry-after,start,time-limits,timeouts}.test.ts',
  'test/delivery/dedup/duplicate-window.test.ts',
  'test/local/emulators/event-hubs/emulator.test.ts',
  'test/local/emulators/graph/admission.test.ts',
  'test/local/emulators/managed-identity/*.test.ts',
  'test/sinks/event-hub/managed-identity.test.ts',
  'test/sinks/log-analytics/local-service.test.ts',
  'test/source/scan-records.test.ts',
]
/** Tests that all find the same emulated identity, and keep it: one process for them, which no other test has. */
const IDENTITY = [
  'test/cli/{doctor,investigate-names,report-graph,respond,respond-record,respond-refusals}.test.ts',
]
/**
 * Node 20 compiles a function anew, optimised, long before a test runs it often enough to repay
 * that: a sixth of the processor time. Later versions do not know the option, and refuse to start.
 */
const LATE_OPTIMISING = process.versions.node.startsWith('20.') ? ['--interrupt-budget=600000'] : []
/** `npm run test:long` */
const LONG = ['**/*.long.test.ts']

export default defineConfig({
  test: {
    // Both projects, the long runs and every later run take what was transformed once, by its content.
    experimental: { fsModuleCache: true },
    environment: 'node',
    pool: 'forks',
    execArgv: LATE_OPTIMISING,
    // One more than the two processors: a quarter of the time is spent waiting for other processes.
    maxWorkers: 3,
    // Tests wait for nothing so long; a busy machine does.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    setupFiles: ['test/support/contexts-once.ts'],
    projects: [
      {
        extends: true,
        // One process and one set of modules for many files: loading them anew for each took a fifth of the time.
        test: {
          name: 'shared',
          globalSetup: ['test/support/build-once.ts', 'test/support/kql/kept.ts'],
          include: ['test/**/*.test.ts'],
          exclude: [...LONG, ...ISOLATED, ...IDENTITY],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'identity', include: IDENTITY, exclude: LONG, isolate: false } },
      { extends: true, test: { name: 'isolated', include: ISOLATED, exclude: LONG } },
    ],
  },
})
