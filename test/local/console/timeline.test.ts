import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timelineOf } from '../../../local/console/timeline.ts'
import { archiveLines } from '../../support/archive-lines.ts'
import { detectionRecord, stateAfter } from '../../support/page-state.ts'

const HOUR = 3_600_000

describe('the timeline', () => {
  it('holds every time in at most 24 buckets, whatever the times', () => {
    const time = fc.integer({ min: -8.64e15, max: 8.64e15 })
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 30 }), (times) => {
        const timeline = timelineOf(times)
        if (timeline === undefined) throw new Error('no timeline')
        const { fromMs, bucketMs, buckets } = timeline
        expect(buckets).toBeGreaterThanOrEqual(1)
        expect(buckets).toBeLessThanOrEqual(24)
        for (const at of times) {
          const bucket = Math.floor((at - fromMs) / bucketMs)
          expect(bucket).toBeGreaterThanOrEqual(0)
          expect(bucket).toBeLessThan(buckets)
        }
      }),
    )
  })

  it('has buckets that begin at round times', () => {
    const from = Date.UTC(2026, 8, 7, 5, 15)
    expect(timelineOf([from, from + 250 * HOUR])).toEqual({
      fromMs: Date.UTC(2026, 8, 7),
      bucketMs: 12 * HOUR,
      buckets: 22,
    })
    expect(timelineOf([])).toBeUndefined()
  })
})

describe('detections by type', () => {
  it('count a detection once, at its first time and highest level, however often it was updated', () => {
    const { detections, detectionsTotal, timeline } = stateAfter(
      archiveLines([
        detectionRecord(),
        detectionRecord({
          lastUpdatedDateTime: '2026-10-09T08:00:00Z',
          detectedDateTime: null,
          riskLevel: 'none',
          riskState: 'dismissed',
        }),
        detectionRecord({ id: 'b4'.repeat(32), riskEventType: 'somethingNew', riskLevel: 'severe' }),
      ]),
    )
    expect(detectionsTotal).toBe(2)
    expect(timeline).toMatchObject({ fromMs: Date.UTC(2026, 9, 5, 7, 30), buckets: 1 })
    expect(detections).toEqual([
      {
        type: 'leakedCredentials',
        name: 'Leaked credentials',
        documented: true,
        count: 1,
        points: [{ bucket: 0, level: 'high', count: 1 }],
      },
      {
        type: 'somethingNew',
        name: 'somethingNew',
        documented: false,
        count: 1,
        points: [{ bucket: 0, level: 'other', count: 1 }],
      },
    ])
  })
})
