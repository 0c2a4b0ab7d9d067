import { describe, expect, it } from 'vitest'
import { workbookQueries } from '../../../support/kql/content-queries.ts'
import type { ArrivedRow, Cells } from './risk/rows.ts'
import { rowsAt } from './risk/simulation.ts'

const MINUTE = 60_000
const later = (time: string, minutes: number): string =>
  new Date(Date.parse(time) + minutes * MINUTE).toISOString()

const row = (sent: string, cells: Cells): ArrivedRow => ({
  arrivedAt: later(sent, 3),
  cells: { TimeGenerated: sent, EntraTenantId: 'tenant', SourceNamespace: 'risk', ...cells },
})
const detection = (sent: string): ArrivedRow => row(sent, { EventId: `detection ${sent}` })

/** A heartbeat, sent a minute after it was made: the next one counts it among what was delivered. */
const beat = (made: string, delivered: number): ArrivedRow =>
  row(later(made, 1), {
    EventId: `heartbeat ${made}`,
    Origin: 'exporter',
    LastUpdatedDateTime: made,
    Sinks: { 'log-analytics': { delivered } },
  })

const beats = [
  beat('2026-11-10T22:00:00.000Z', 7),
  beat('2026-11-10T23:00:00.000Z', 2),
  beat('2026-11-11T00:01:00.000Z', 2),
  beat('2026-11-11T01:00:00.000Z', 2),
]
const beforeMidnight = detection('2026-11-10T23:59:00.000Z')
const others = [detection('2026-11-10T22:30:00.000Z'), detection('2026-11-11T00:30:00.000Z')]

const [query = ''] = workbookQueries().flatMap((q) => (q.place === 'workbook, completeness' ? [q.query] : []))
const completeness = (detections: readonly ArrivedRow[]) =>
  rowsAt(
    '2026-11-11T12:00:00.000Z',
    query,
    { EntraRiskExportHealth_CL: beats, EntraRiskDetections_CL: detections },
    { rangeMs: 7 * 1440 * MINUTE },
  ).map((day) => [String(day['Day']).slice(0, 10), day['Delivered'], day['Rows'], day['Missing']])

describe('completeness across midnight', () => {
  it('misses no row of 23:59 that is told of a minute after midnight', () => {
    expect(completeness([...others, beforeMidnight])).toEqual([
      ['2026-11-11', 4, 4, 0],
      ['2026-11-10', 2, 2, 0],
    ])
  })

  it('misses a row that never came, on the day of the heartbeat that told of it', () => {
    expect(completeness(others)).toEqual([
      ['2026-11-11', 4, 3, 1],
      ['2026-11-10', 2, 2, 0],
    ])
  })
})
