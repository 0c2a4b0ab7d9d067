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
  for (let n = 0; n < 2_000_000; n++) {
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

test('The heap stays near what is alive, on this version of Node.js', () => {
  const unlimited = peakMb([])
  const limited = peakMb(HEAP_FLAGS)
  expect(limited.young).toBeLessThanOrEqual(unlimited.young / 2)
  expect(limited.young + limited.old).toBeLessThan(0.6 * (unlimited.young + unlimited.old))
})
