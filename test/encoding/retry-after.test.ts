import { describe, expect, it } from 'vitest'
import { retryAfterMs } from '../../shared/encoding/retry-after.ts'

const NOW = Date.UTC(2026, 2, 1, 9)

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['1.5', 1500],
    ['12345678901', 3_600_000],
    ['Sun, 01 Mar 2026 10:00:01 GMT', 3_600_000],
    ['Sun, 01 Mar 2026 09:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 08:59:59 GMT', 0],
  ])('"%s" asks for %d ms', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms)
  })

  it.each([
    undefined,
    '',
    '-5',
    '12s',
    'in 12',
    'soon',
    'soon GMT',
    ' GMT',
    '2026-03-01T09:00:30Z',
    'Sun, 01 Mar 2026 09:00:30 +0000',
  ])('%j asks for nothing that is understood', (header) => {
    expect(retryAfterMs(header, NOW)).toBeUndefined()
  })
})
