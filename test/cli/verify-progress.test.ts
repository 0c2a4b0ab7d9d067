import { describe, expect, it } from 'vitest'
import { pace } from '../../cli/text/pace.ts'
import { folderOf, sealedCopy } from '../evidence/verify/sealed-copy.ts'
import { cli } from './cli-under-test.ts'

describe('verify', () => {
  it('shows blobs, MB and MB/s on a terminal while it runs, and at the end how much took how long', async () => {
    const { files } = await sealedCopy()
    let nowMs = 0
    const nowEachTime = () => {
      nowMs += 500
      return nowMs
    }
    const folder = await folderOf(files)
    const { stdout, stderr } = await cli(['verify', '--dir', folder], {
      isTerminal: true,
      nowMs: nowEachTime,
    })
    expect(stderr).toMatch(/verified 5 archive blobs, 0\.0 MB in \d\.\d s \(0\.0 MB\/s\)/)
    expect(stdout).toMatch(/\nVerified 0\.0 MB in \d\.\d s \(0\.0 MB\/s\)\.\n$/)
  })

  it('shows nothing but the result to a program', async () => {
    const { files } = await sealedCopy()
    const { stdout, stderr } = await cli(['verify', '--dir', await folderOf(files), '--json'])
    expect(stderr).toBe('')
    expect(stdout.trimEnd()).not.toContain('\n')
  })
})

describe('a pace', () => {
  it.each([
    [31_240_000, 3_500, '31.2 MB in 3.5 s (8.9 MB/s)'],
    [0, 0, '0.0 MB in 0.0 s'],
  ])('of %i bytes in %i ms is %s', (bytes, ms, text) => {
    expect(pace(bytes, ms)).toBe(text)
  })
})
