import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { archiveLines } from '../../support/archive-lines.ts'
import { detectionRecord, riskyRecord, stateAfter } from '../../support/page-state.ts'

const HELPER = 'b7730f41-2c98-4e6a-8d15-6f4a0c9e21d3'

describe('risk by identity', () => {
  it('is the latest by time of update, in whatever order partitions are read', () => {
    const times = [
      '2026-10-05T08:00:00Z',
      '2026-10-05T8:00:01Z',
      '2026-10-04T23:59:59Z',
      '2026-10-06T00:00:00Z',
    ]
    const states = ['atRisk', 'confirmedCompromised', 'none', 'remediated']
    const partitions = times.map((riskLastUpdatedDateTime, i) =>
      archiveLines([riskyRecord({ riskLastUpdatedDateTime, riskState: states[i] })], i, {
        partition: String(i),
      }),
    )
    fc.assert(
      fc.property(fc.shuffledSubarray(partitions, { minLength: 4 }), (order) => {
        const { identities } = stateAfter(order.flat())
        expect(identities.map((i) => i.riskState)).toEqual(['remediated'])
      }),
    )
  })

  it("is Entra's word on the identity where there is one, and its latest detection otherwise", () => {
    const later = { lastUpdatedDateTime: '2026-10-09T08:00:00Z', riskLevel: 'low' }
    const { identities } = stateAfter(
      archiveLines([
        riskyRecord(),
        detectionRecord(later),
        detectionRecord({ ...later, servicePrincipalId: HELPER }),
      ]),
    )
    expect(identities.map((i) => [i.id, i.source, i.riskLevel])).toEqual([
      ['93f2d6be-08c7-45a1-b3ec-7d1f4b8a2c60', 'riskyIdentity', 'high'],
      [HELPER, 'riskDetection', 'low'],
    ])
  })

  it('puts open risks first, and a hidden level between medium and low', () => {
    const of = (n: number, riskLevel: string, riskState = 'atRisk') =>
      riskyRecord({ id: `0000000${n}-08c7-45a1-b3ec-7d1f4b8a2c60`, riskLevel, riskState })
    const { identities, identitiesOpen } = stateAfter(
      archiveLines([
        of(1, 'low'),
        of(2, 'none', 'dismissed'),
        of(3, 'hidden'),
        of(4, 'high', 'remediated'),
        of(5, 'medium'),
        of(6, 'HIGH'),
      ]),
    )
    expect(identities.map((i) => i.riskLevel)).toEqual(['HIGH', 'medium', 'hidden', 'low', 'high', 'none'])
    expect(identitiesOpen).toBe(4)
  })
})
