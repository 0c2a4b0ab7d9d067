import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { HEAP_FLAGS } from '../../shared/composition/limit-heap-growth.ts'

/** Objects that live through some collections before they become garbage, as a batch's do. */
const PROGRAM = `
  const { getHeapSpaceStatistics, setFlagsFromString } = require('node:v8')
  for (const flag of process.argv.slice(1)) setFlagsFromString(flag)
  const sizeMb = (name) => getHeapSpaceStatistics().find((s) => s.space_name === name).space_size / 2 ** 20
  const alive = []
  let young = 0
  let old = 0
  for (let n = 0; n < 1_000_000; n++) {
    alive[n % 100_000] = { n, pair: [n, n] }
    if (n % 10_000 !== 0) continue
    young = Math.max(young, sizeMb('new_space'))
    old = Math.max(old, sizeMb('old_space'))
  }
  console.log(JSON.stringify({ young, old }))`

function peakMb(flags: readonly string[]): { readonly young: number; readonly old: number } {
  const { stdout } = spawnSync(process.execPath, ['-e', PROGRAM, '--', ...flags], { encoding: 'utf8' })
  return JSON.parse(stdout) as ReturnType<typeof peakMb>
}

test('The young generation stays small, on this version of Node.js', () => {
  expect(peakMb(HEAP_FLAGS.loaded).young).toBeLessThanOrEqual(peakMb([]).young / 2)
})

test('The old generation is collected early, on this version of Node.js', () => {
  const unlimited = [...HEAP_FLAGS.loaded, '--heap-growing-percent=400']
  const redelivering = [...HEAP_FLAGS.loaded, ...HEAP_FLAGS.redelivering]
  expect(peakMb(redelivering).old).toBeLessThan(0.8 * peakMb(unlimited).old)
})
