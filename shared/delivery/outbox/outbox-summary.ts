import type { TableClient } from '@azure/data-tables'
import { AS_STORED, type StoredEntity } from '../../azure/entity-value.ts'
import { instant } from '../../domain/identifiers.ts'
import { isAhead, isAttended, type LeaseState } from './lease.ts'
import { type OutboxSurvey, type OwingPage, owedSince, type StoredRow, type StrayRow } from './outbox.ts'
import { ASIDE, LEASE_ROW, pageOfKey } from './outbox-entity.ts'
import { parseLeaseEntity, parseOutboxEntity } from './parse-outbox-entity.ts'

const MAX_PAGES = 10_000
/** Stray rows that one survey names: those that are left are there at the next. */
const MAX_STRAYS = 1000

/** What is known of one page so far. */
class PageSurvey {
  rows = 0
  events = 0
  oldestMs = Number.POSITIVE_INFINITY
  lease: LeaseState | undefined

  add(row: StoredRow, nowMs: number): void {
    this.rows += 1
    this.events += row.events
    this.oldestMs = Math.min(this.oldestMs, owedSince(row, nowMs))
  }
}

/** Looks through the ledger's table; holds no row of it. */
export async function surveyOutbox(table: TableClient, nowMs: number): Promise<OutboxSurvey> {
  const pages = new Map<string, PageSurvey>()
  const strays: StrayRow[] = []
  let setAside = 0
  const at = (partitionKey: string): PageSurvey => {
    const known = pages.get(partitionKey) ?? new PageSurvey()
    pages.set(partitionKey, known)
    return known
  }
  for await (const entity of table.listEntities<StoredEntity>(AS_STORED)) {
    const { partitionKey = '', rowKey = '' } = entity
    const row = parseOutboxEntity(entity)
    if (rowKey === LEASE_ROW) at(partitionKey).lease = parseLeaseEntity(entity)
    else if (rowKey.startsWith(ASIDE)) setAside += 1
    else if (row === 'newer') continue
    else if (row !== 'unreadable' && pageOfKey(partitionKey) !== undefined) at(partitionKey).add(row, nowMs)
    else if (strays.length < MAX_STRAYS) strays.push({ partitionKey, rowKey })
    if (pages.size > MAX_PAGES) break
  }
  const owing = [...pages].flatMap(([key, { rows, events, oldestMs, lease }]): readonly OwingPage[] => {
    const page = pageOfKey(key)
    if (page === undefined || rows === 0) return []
    return [
      {
        page,
        rows,
        events,
        oldestTriedAt: instant(oldestMs),
        attended: isAttended(lease, nowMs),
        ...(lease !== undefined && isAhead(lease, nowMs) ? { isLeaseAhead: true } : {}),
      },
    ]
  })
  return { owing, strays, setAside }
}
