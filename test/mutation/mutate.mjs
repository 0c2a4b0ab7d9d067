// Mutation testing: changes the code of one room in every small way, and reports the changes that
// no test notices. The tests are those of the innermost folder that holds all files asked for.
//
//   npm run mutate -- archive                    a room of shared/
//   npm run mutate -- shared/archive/chunk.ts    files of one room
//   npm run mutate -- archive --force            anew, without what the last run left in reports/
//
// docs/mutation-testing.md has the scores, and the mutants that are left.
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Stryker } from '@stryker-mutator/core'

const asked = process.argv.slice(2).filter((argument) => argument !== '--force')
const mutate = asked.map((what) => (what.includes('/') ? what : `shared/${what}/**/*.ts`))
const [room, ...others] = new Set(mutate.map((path) => path.split('/')[1]))
if (room === undefined || others.length > 0 || !existsSync(`shared/${room}`)) {
  process.stderr.write('Name one room of shared/, or files of one: npm run mutate -- archive [--force]\n')
  process.exit(2)
}
process.env['MUTATED_FOLDER'] = commonFolder(mutate.map((path) => dirname(path).split('/').slice(1)))

await new Stryker({
  mutate,
  testRunner: 'vitest',
  plugins: [import.meta.resolve('@stryker-mutator/vitest-runner'), import.meta.resolve('./failpoints.mjs')],
  ignorers: ['failpoints'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: true },
  // None: Stryker would rewrite it with the API of a compiler that TypeScript 7 no longer has, and vitest reads no types.
  tsconfigFile: '',
  coverageAnalysis: 'perTest',
  timeoutMS: 15_000,
  concurrency: 1,
  incremental: true,
  incrementalFile: `reports/mutation/${room}.json`,
  force: process.argv.includes('--force'),
  reporters: ['clear-text', 'progress', 'html'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: `reports/mutation/${room}.html` },
}).runMutationTest()

/** @param {readonly (readonly string[])[]} folders */
function commonFolder([first = [], ...others]) {
  const end = first.findIndex((part, at) => part === '**' || others.some((other) => other[at] !== part))
  return (end === -1 ? first : first.slice(0, end)).join('/')
}
