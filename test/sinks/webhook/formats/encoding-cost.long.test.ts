import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { bundledScript } from '../../../support/bundled-script.ts'

interface Cost {
  readonly name: string
  /** Microseconds per event. */
  readonly encoding: number
  /** Of `JSON.stringify` and gzip of the same batch, by Node's default. */
  readonly limit: number
  /** The same with gzip at level 1, as the app compresses. */
  readonly fastest: number
  readonly bytes: number
}

test('encoding costs less than JSON.stringify and gzip of the same batch, in every format', async () => {
  const printed = execFileSync(process.execPath, [await bundledScript('encoding-costs')], {
    encoding: 'utf8',
  })
  const costs: readonly Cost[] = JSON.parse(printed)
  const rows = costs.map(({ name, encoding, limit, fastest, bytes }) =>
    [
      name.padEnd(14),
      `${encoding.toFixed(1)} µs`.padStart(9),
      `${limit.toFixed(1)} µs`.padStart(9),
      (encoding / limit).toFixed(2).padStart(6),
      (encoding / fastest).toFixed(2).padStart(6),
      `${Math.round(bytes)} bytes`.padStart(12),
    ].join(''),
  )
  process.stdout.write(
    `per event: encoding, JSON.stringify and gzip, ratio, ratio at level 1, size\n${rows.join('\n')}\n`,
  )
  expect(costs.length).toBeGreaterThan(0)
  for (const { name, encoding, limit } of costs) expect(encoding, name).toBeLessThan(limit)
})
