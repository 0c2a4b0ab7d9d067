import { describe, expect, it } from 'vitest'
import { prng } from '../../../../local/checks/chaos/prng.ts'
import { badMessage } from '../../../../local/checks/load/bad-message.ts'
import { latenciesOf, ratiosTo, spreadOf } from '../../../../local/checks/load/latencies.ts'
import { LoadTally } from '../../../../local/checks/load/load-tally.ts'
import { loadText } from '../../../../local/checks/load/load-text.ts'
import type { Phase } from '../../../../local/checks/load/phase.ts'

const phase = (kind: Phase['kind'], fromMs: number, toMs: number): Phase => ({
  kind,
  fromMs,
  toMs,
  peakRssMb: 200,
  liveMb: 40,
})
const verdict = { lost: 0, problems: [] }

describe('latencies', () => {
  it('are the middle one, and the one that a hundredth exceeds', () => {
    const waits = Array.from({ length: 1000 }, (_, i) => 999 - i)
    expect(latenciesOf(waits)).toEqual({ events: 1000, p50: 500, p99: 990 })
  })

  it('of nothing are none', () => {
    expect(latenciesOf([])).toEqual({ events: 0, p50: 0, p99: 0 })
  })

  it('are compared with others, and with each other', () => {
    const others = { events: 1, p50: 50, p99: 100 }
    const ratios = [
      ratiosTo({ events: 1, p50: 40, p99: 250 }, others),
      ratiosTo({ events: 1, p50: 60, p99: 90 }, others),
    ]
    expect(spreadOf(ratios)).toEqual({ p50: [0.8, 1.2], p99: [0.9, 2.5] })
  })
})

describe('a load run', () => {
  const stored = new Map([
    ['before', 99],
    ['a', 140],
    ['b', 260],
    ['c', 1250],
  ])
  const tally = new LoadTally(stored)
  tally.add([phase('calm', 100, 1000)], {
    verdict,
    arrivals: [
      { eventId: 'before', enqueuedAtMs: 90 },
      { eventId: 'a', enqueuedAtMs: 100 },
      { eventId: 'b', enqueuedAtMs: 200 },
    ],
  })
  tally.add([phase('outage', 1000, 2000), phase('draining', 2000, 3000)], {
    verdict: { ...verdict, lost: 1, problems: ['event c did not reach webhook'] },
    arrivals: [{ eventId: 'c', enqueuedAtMs: 1100 }],
  })
  tally.drained({ pending: 10, events: 20, seconds: 2, eventsPerSecond: 10 })
  const run = tally.result({ messagesPerSecond: 60, seconds: 5, sent: 4 })

  it('counts for a phase what was enqueued in it, and from the hub to the receiver', () => {
    expect(run.latencies.calm).toEqual({ events: 2, p50: 60, p99: 60 })
    expect(run.latencies.outage).toEqual({ events: 1, p50: 150, p99: 150 })
    expect(run.ratios.outage).toEqual({ p50: 2.5, p99: 2.5 })
  })

  it('adds up what was lost, and says where', () => {
    expect(run.lost).toBe(1)
    expect(run.problems).toEqual(['outage, draining: event c did not reach webhook'])
  })

  it('says all of it in words', () => {
    const text = loadText(run)
    expect(text).toContain('webhook down    p50 150 ms, p99 150 ms over 1 events: × 2.50, × 2.50')
    expect(text).toContain('10 pending: 20 events in 2 s, 10 a second')
    expect(text).toContain('4 messages sent, 1 lost\noutage, draining: event c did not reach webhook')
  })
})

it('bad messages are bad in many ways, and the same for the same prng', () => {
  const good = Buffer.from('{"records":[{"category":"SignInLogs"}]}')
  const made = (seed: number): readonly string[] => {
    const chance = prng(seed)
    return Array.from({ length: 400 }, (_, n) => Buffer.from(badMessage(good, chance, n)).toString('latin1'))
  }
  expect(made(1)).toEqual(made(1))
  expect(new Set(made(1)).size).toBeGreaterThan(50)
})
