import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBlob } from '../../../shared/archive/reader.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import type { Message } from '../../../shared/domain/position.ts'
import type { RiskDetection } from '../../../shared/domain/risk-event.ts'
import { type ReportName, readReport } from '../../../shared/operations/report/read-report.ts'
import { Versions } from '../../../shared/operations/report/versions.ts'
import { readMessage } from '../../../shared/source/read-message.ts'
import { settings } from '../../source/reading-under-test.ts'
import { positionOf } from '../../support/archive-lines.ts'
import { detection } from '../../support/archived-events.ts'
import { envelope, type IngestWorld, ingestWorld, messageAt } from '../../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'

const START = Date.UTC(2026, 2, 1, 10)
const ALL = { from: instant(0), to: instant(START + 86_400_000) }

const state = (id: string, minute: number, riskState: string, category = 'RiskyServicePrincipals') =>
  JSON.stringify({
    category,
    properties: {
      id,
      [category === 'RiskyAgents' ? 'riskLastModifiedDateTime' : 'riskLastUpdatedDateTime']:
        `2026-03-01T09:${String(minute).padStart(2, '0')}:00Z`,
      riskState,
      riskLevel: 'high',
    },
  })

const found = (id: string, minute: number, riskState: string, category = 'ServicePrincipalRiskEvents') =>
  JSON.stringify({
    category,
    properties: {
      id,
      servicePrincipalId: 'sp',
      agentId: 'agent',
      lastUpdatedDateTime: `2026-03-01T09:${String(minute).padStart(2, '0')}:00Z`,
      riskEventType: 'leakedCredentials',
      riskState,
    },
  })

const withUsers = (message: Message) => readMessage(message, { ...settings, includeUserRisk: true })

/** An update that leaves out what has not changed. */
function sparse(whole: RiskDetection): RiskDetection {
  const { activityAt: _, detectedAt: __, ipAddress: ___, location: ____, ...event } = whole
  return { ...event, keyIds: [], additionalInfo: [] }
}

let azurite: StorageAccount
let world: IngestWorld
beforeAll(async () => {
  azurite = await storageAccount()
  world = await ingestWorld({ azurite, sinks: [], startMs: START })
  await world.ingest([
    messageAt(1, envelope(state('a', 5, 'dismissed'), state('b', 1, 'atRisk'), found('d', 3, 'dismissed'))),
    messageAt(2, 'not JSON'),
  ])
  await world.ingest(
    [
      // Older than what is known of it, though it comes later.
      messageAt(3, envelope(state('a', 2, 'atRisk'), found('d', 2, 'atRisk'))),
      // Of the same id, and another identity; and a person, who is no workload identity.
      messageAt(
        4,
        envelope(state('a', 7, 'confirmedSafe', 'RiskyAgents'), state('u', 9, 'atRisk', 'RiskyUsers')),
      ),
      messageAt(5, envelope(found('d', 8, 'atRisk', 'AgentRiskEvents'), found('e', 4, 'atRisk'))),
    ],
    withUsers,
  )
})
afterAll(() => azurite.stop())

const rowsOf = async (report: ReportName, query = ALL, maxRows?: number) => {
  const read: number[] = []
  const made = await readReport(world.archive, report, query, (blobs) => read.push(blobs), readBlob, maxRows)
  expect(made.source).toEqual({ kind: 'archive', blobs: read.length })
  expect(read).toEqual(Array.from({ length: read.length }, (_, i) => i + 1))
  const rows = made.events.map((e) =>
    [e.identity.type, e.kind === 'riskDetection' ? e.detectionId : e.identity.id, e.risk.state].join(' '),
  )
  return { rows, more: made.more }
}

describe('a report from the archive', () => {
  it('has each workload identity once, at its latest state, in whatever order the records came', async () => {
    expect(await rowsOf('risky')).toEqual({
      rows: ['agent a confirmedSafe', 'servicePrincipal a dismissed', 'servicePrincipal b atRisk'],
      more: false,
    })
  })

  it('has each detection once, at its latest version', async () => {
    expect(await rowsOf('detections')).toEqual({
      rows: ['agent d atRisk', 'servicePrincipal e atRisk', 'servicePrincipal d dismissed'],
      more: false,
    })
  })

  it('is of the records that the hub took within the range, its end left out', async () => {
    const placeOf = (n: number) => messageAt(n, '').position.enqueuedAt
    expect((await rowsOf('risky', { from: placeOf(3), to: placeOf(4) })).rows).toEqual([
      'servicePrincipal a atRisk',
    ])
    expect((await rowsOf('risky', { from: instant(0), to: placeOf(1) })).rows).toEqual([])
  })

  it('takes names, times and addresses from the latest record that says them, and no level or flag', async () => {
    const identity = { type: 'servicePrincipal', id: 'sp' } as const
    const full = { ...identity, displayName: 'old name', appId: 'app', enabled: true }
    const named = { ...identity, displayName: 'new name' }
    const versions = [
      detection('a', { identity: full, processing: true }),
      detection('b', { identity: named, lastUpdatedAt: instant(START + 1), ipAddress: '203.0.113.8' }),
      sparse(detection('c', { identity, lastUpdatedAt: instant(START + 2), risk: { state: 'dismissed' } })),
    ]
    for (const order of [versions, versions.toReversed()]) {
      const kept = new Versions<RiskDetection>(10)
      for (const [i, event] of order.entries()) kept.add('x', { event, position: positionOf(i), ordinal: 0 })
      expect(kept.newestFirst()).toEqual([
        {
          ...versions[1],
          ...versions[2],
          identity: { ...identity, displayName: 'new name', appId: 'app' },
          risk: { state: 'dismissed', eventType: 'leakedCredentials' },
          keyIds: versions[0]?.keyIds,
          additionalInfo: versions[0]?.additionalInfo,
        },
      ])
    }
  })

  it('says that there is more than it holds, and still has the latest state of those it holds', async () => {
    const { rows, more } = await rowsOf('risky', ALL, 2)
    expect([rows.length, more]).toEqual([2, true])
    expect(rows).toContain('servicePrincipal a dismissed')
    expect((await rowsOf('risky', ALL, 3)).more).toBe(false)
  })
})
