import { describe, expect, it } from 'vitest'
import { SinkProgress } from '../../../local/console/sink-progress.ts'

describe('a sink with something pending', () => {
  it('is catching up while it takes events, and down once it has taken none for ten seconds', () => {
    const progress = new SinkProgress()
    expect(progress.state(10, false, 'healthy', 0)).toBe('up')
    expect(progress.state(10, true, 'healthy', 5_000)).toBe('catchingUp')
    expect(progress.state(11, true, 'healthy', 9_000)).toBe('catchingUp')
    expect(progress.state(11, true, 'healthy', 19_000)).toBe('down')
    expect(progress.state(12, true, 'healthy', 20_000)).toBe('catchingUp')
    expect(progress.state(12, false, 'healthy', 60_000)).toBe('up')
  })

  it('is down at once where it was switched so, pending or not', () => {
    const progress = new SinkProgress()
    expect(progress.state(0, false, 'down', 0)).toBe('down')
    expect(progress.state(0, true, 'refusing', 0)).toBe('down')
    expect(progress.state(0, true, 'slow', 0)).toBe('catchingUp')
  })
})
