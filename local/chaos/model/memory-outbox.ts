import { isAhead, isAttended, type LeaseState, notTriedBefore } from '../../../shared/delivery/lease.ts'
import {
  type Lease,
  type Outbox,
  type OutboxPage,
  type OwingPage,
  owedSince,
  type StoredRow,
} from '../../../shared/delivery/outbox.ts'
import { type Instant, instant } from '../../../shared/domain/identifiers.ts'

interface Held extends LeaseState {
  readonly etag: string
}

interface StoredPage {
  readonly page: OutboxPage
  readonly rows: Map<string, StoredRow>
  lease: Held | undefined
}

const keyOf = (page: OutboxPage): string =>
  JSON.stringify([page.sink, page.namespace, page.hub, page.partition])

/** The ledger in memory; held to the same contract as the one in a table. */
export function memoryOutbox(now: () => number): Outbox {
  const pages = new Map<string, StoredPage>()
  let tags = 0
  const tag = (): string => String(++tags)

  function pageAt(page: OutboxPage): StoredPage {
    const known = pages.get(keyOf(page))
    if (known !== undefined) return known
    const made: StoredPage = { page, rows: new Map(), lease: undefined }
    pages.set(keyOf(page), made)
    return made
  }
  const isHeld = (lease: Held | undefined): boolean => isAttended(lease, now())

  function hold(page: OutboxPage, heldUntilMs: number, dueAt: Instant | undefined): Lease {
    const etag = tag()
    pageAt(page).lease = { etag, token: etag, heldUntilMs, dueAtMs: dueAt ?? 0, writtenAtMs: now() }
    return { page, token: etag, etag }
  }

  const owing = async () =>
    [...pages.values()]
      .filter(({ rows }) => rows.size > 0)
      .map(({ page, rows, lease }): OwingPage => {
        const all = [...rows.values()]
        return {
          page,
          rows: all.length,
          events: all.reduce((sum, row) => sum + row.events, 0),
          oldestTriedAt: instant(Math.min(...all.map((row) => owedSince(row, now())))),
          attended: isHeld(lease),
          ...(lease !== undefined && isAhead(lease, now()) ? { isLeaseAhead: true } : {}),
        }
      })

  return {
    async append(page, rows) {
      const stored = pageAt(page)
      for (const row of rows) if (!stored.rows.has(row.key)) stored.rows.set(row.key, { ...row, etag: tag() })
    },
    async owes(page) {
      const { rows, lease } = pageAt(page)
      return rows.size > 0 ? notTriedBefore(lease, now()) : undefined
    },
    rows: async (page, limit, after = '') =>
      [...pageAt(page).rows.values()]
        .filter(({ key }) => key > after)
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, limit),
    async remove(page, rows) {
      for (const { key } of rows) pageAt(page).rows.delete(key)
    },
    async replace(page, row) {
      const { rows } = pageAt(page)
      if (rows.get(row.key)?.etag !== row.etag) return undefined
      const replaced = { ...row, etag: tag() }
      rows.set(row.key, replaced)
      return replaced
    },
    async acquire(page, ms) {
      return isHeld(pageAt(page).lease) ? undefined : hold(page, now() + ms, undefined)
    },
    async renew({ page, etag }, ms) {
      return pageAt(page).lease?.etag === etag ? hold(page, now() + ms, undefined) : undefined
    },
    async release({ page, etag }, dueAt) {
      if (pageAt(page).lease?.etag === etag) hold(page, 0, dueAt)
    },
    owing,
    survey: async () => ({ owing: await owing(), strays: [], setAside: 0 }),
    setAside: async () => undefined,
  }
}
