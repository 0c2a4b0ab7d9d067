import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '../../../shared/domain/identifiers.ts'
import { timelineOf } from '../../../shared/operations/investigate/timeline.ts'
import { detection, riskyIdentity } from '../../support/archived-events.ts'
import { contextEvent, investigated, minute, responseEvent } from '../../support/identity-events.ts'

const DAY_MS = 86_400_000
const told = (of: Parameters<typeof timelineOf>[0]) =>
  timelineOf(of).map(({ at, title }) => `${new Date(at).toISOString().slice(5, 16)} ${title}`)

describe('the timeline', () => {
  it('begins with the activity, and tells how much later it was detected', () => {
    const detectedAt = minute(0)
    const of = investigated(
      detection('a', { activityAt: instant(detectedAt - 6 * DAY_MS), detectedAt, lastUpdatedAt: detectedAt }),
    )
    expect(told(of)).toEqual([
      '02-23T10:00 Activity: Leaked credentials',
      '03-01T10:00 Detected: Leaked credentials',
    ])
    expect(timelineOf(of)[1]?.notes[0]).toBe('6 d after the activity: look at what happened in between')
    expect(of.began).toBe(detectedAt - 6 * DAY_MS)
  })

  it('says a detection once, and later versions only if its risk has changed', () => {
    const first = detection('a')
    const at = (minutes: number, state: string, seed: string) =>
      detection('a', {
        eventId: `${first.eventId}${seed}` as never,
        risk: { ...first.risk, state, ...(state === 'dismissed' ? { level: 'none' } : {}) },
        lastUpdatedAt: minute(minutes),
      })
    const of = investigated(first, at(1, 'atRisk', '1'), at(2, 'dismissed', '2'), first)
    expect(told(of).slice(2)).toEqual(['03-01T10:02 Leaked credentials: dismissed'])
    expect(timelineOf(of).map(({ level }) => level)).toEqual([undefined, 'high', 'none'])
  })

  it('has a state once, also where only the risk history of Graph knows it', () => {
    const state = (seed: string, minutes: number) =>
      riskyIdentity(seed, { risk: { level: 'high', state: 'atRisk' }, lastUpdatedAt: minute(minutes) })
    const of = investigated(
      state('a', 3),
      state('b', 4),
      contextEvent(5, {
        riskHistory: [
          { at: new Date(minute(1)).toISOString(), level: 'medium', state: 'atRisk' },
          { at: new Date(minute(3)).toISOString(), level: 'high', state: 'atRisk' },
          { at: 'yesterday', state: 'atRisk' },
        ],
      }),
    )
    expect(timelineOf(of).map(({ title, level }) => `${title} ${level ?? ''}`)).toEqual([
      'State: atRisk medium',
      'State: atRisk high',
      'Context read from Microsoft Graph ',
    ])
  })

  it('has credentials that begin around the activity, and no older ones', () => {
    const credential = (keyId: string, startsAt: string) =>
      ({
        on: 'application',
        type: 'certificate',
        keyId,
        startsAt,
        expired: false,
        namedByDetection: false,
      }) as const
    const of = investigated(
      detection('a'),
      contextEvent(1, {
        credentials: [credential('new', '2026-02-27T00:00:00Z'), credential('old', '2025-02-27T00:00:00Z')],
      }),
    )
    expect(told(of)[0]).toBe('02-27T00:00 Certificate begins, on the application')
    expect(JSON.stringify(timelineOf(of))).not.toContain('key id old')
  })

  it('has who did what, and why', () => {
    const of = investigated(
      detection('a'),
      responseEvent(1, {
        action: 'disable',
        result: 'failed',
        fault: 'noPermission',
        actorId: 'me',
        reason: 'why',
      }),
    )
    expect(timelineOf(of).at(-1)).toMatchObject({
      title: 'Disable failed',
      notes: ['noPermission', 'by me', 'why'],
    })
  })

  it('is in order of time, and the same in whatever order and how often records arrive', () => {
    const events = [
      detection('a'),
      detection('b', { activityAt: minute(-500), detectedAt: minute(7), lastUpdatedAt: minute(7) }),
      riskyIdentity('c', { lastUpdatedAt: minute(8) }),
      contextEvent(9, {}),
      responseEvent(10, { action: 'disable' }),
    ] as const
    const expected = timelineOf(investigated(...events))
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 8 }), (more) => {
        const order = [...new Set([...more, 0, 1, 2, 3, 4]), ...more].flatMap((i) => events[i] ?? [])
        const of = investigated(...(order as unknown as Parameters<typeof investigated>))
        expect(timelineOf(of)).toEqual(expected)
        const times = timelineOf(of).map(({ at }) => at)
        expect(times).toEqual(times.toSorted((a, b) => a - b))
      }),
    )
  })
})
