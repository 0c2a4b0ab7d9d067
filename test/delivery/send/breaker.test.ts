import { describe, expect, it } from 'vitest'
import { Breaker, breakerPolicy } from '../../../shared/delivery/send/breaker.ts'

const opened = () => {
  const breaker = new Breaker(breakerPolicy(1000))
  breaker.report('closed', 1, 10, 0)
  breaker.report('closed', 1, 10, 0)
  return breaker
}

describe('breaker', () => {
  it('stays closed for a single failure', () => {
    const breaker = new Breaker(breakerPolicy(1000))
    breaker.report('closed', 1, 10, 0)
    expect(breaker.ask(0)).toBe('closed')
  })

  it('stays closed for failures that a success lies between, and for a success that takes just 80 %', () => {
    const breaker = new Breaker(breakerPolicy(1000))
    for (const [failures, tookMs] of [
      [1, 10],
      [0, 800],
      [1, 10],
    ] as const)
      breaker.report('closed', failures, tookMs, 0)
    expect(breaker.ask(0)).toBe('closed')
  })

  it('opens at once for several failures in a row that one report tells of', () => {
    const breaker = new Breaker(breakerPolicy(1000))
    breaker.report('closed', 3, 10, 0)
    expect(breaker.ask(1999)).toBe('open')
  })

  it('opens after two failures in a row, for two seconds', () => {
    const breaker = opened()
    expect(breaker.ask(1999)).toBe('open')
    expect(breaker.ask(2000)).toBe('probe')
  })

  it('opens for successes slower than 80 % of the delivery timeout', () => {
    const breaker = new Breaker(breakerPolicy(1000))
    breaker.report('closed', 0, 801, 0)
    breaker.report('closed', 0, 801, 0)
    expect(breaker.isOpen).toBe(true)
  })

  it('lets one probe through at a time', () => {
    const breaker = opened()
    expect(breaker.ask(2000)).toBe('probe')
    expect(breaker.ask(2000)).toBe('open')
  })

  it('closes after a probe that succeeds', () => {
    const breaker = opened()
    breaker.ask(2000)
    breaker.report('probe', 0, 10, 2010)
    expect([breaker.ask(2010), breaker.isOpen]).toEqual(['closed', false])
  })

  it('doubles the time it stays open after a probe that fails, up to a minute', () => {
    const breaker = opened()
    const waits: number[] = []
    let nowMs = 0
    for (let i = 0; i < 7; i++) {
      const from = nowMs
      while (breaker.ask(nowMs) !== 'probe') nowMs += 1000
      waits.push(nowMs - from)
      breaker.report('probe', 1, 10, nowMs)
    }
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  })

  it('is neither opened longer nor closed by reports of what was sent before it opened', () => {
    const breaker = opened()
    breaker.report('closed', 1, 10, 500)
    expect(breaker.ask(2000)).toBe('probe')
    breaker.report('closed', 0, 10, 2001)
    expect(breaker.isOpen).toBe(true)
    expect(breaker.ask(2002)).toBe('open')
  })
})
