import type { Lease, Outbox, OutboxPage, OwingPage, StoredRow } from '../../../shared/delivery/outbox.ts'
import { instant } from '../../../shared/domain/identifiers.ts'

interface Held {
  readonly etag: string
  readonly heldUntilMs: number
  readonly dueAtMs: number
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
  const isHeld = (lease: Held | undefined): boolean =>
    lease !== undefined && (lease.heldUntilMs > now() || lease.dueAtMs > now())

  return {
    async append(page, rows) {
      const stored = pageAt(page)
      for (const row of rows) if (!stored.rows.has(row.key)) stored.rows.set(row.key, { ...row, etag: tag() })
    },
    owes: async (page) => pageAt(page).rows.size > 0,
    rows: async (page, limit) =>
      [...pageAt(page).rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, limit),
    async remove(page, rows) {
      for (const { key } of rows) pageAt(page).rows.delete(key)
    },
    async replace(page, row) {
      const { rows } = pageAt(page)
      if (rows.get(row.key)?.etag === row.etag) rows.set(row.key, { ...row, etag: tag() })
    },
    async acquire(page, ms) {
      const stored = pageAt(page)
      if (isHeld(stored.lease)) return undefined
      stored.lease = { etag: tag(), heldUntilMs: now() + ms, dueAtMs: 0 }
      return { page, token: stored.lease.etag, etag: stored.lease.etag } satisfies Lease
    },
    async release(lease, dueAt) {
      const stored = pageAt(lease.page)
      if (stored.lease?.etag !== lease.etag) return
      stored.lease = { etag: tag(), heldUntilMs: 0, dueAtMs: dueAt ?? 0 }
    },
    owing: async () =>
      [...pages.values()]
        .filter(({ rows }) => rows.size > 0)
        .map(({ page, rows, lease }): OwingPage => {
          const all = [...rows.values()]
          return {
            page,
            rows: all.length,
            events: all.reduce((sum, row) => sum + row.events, 0),
            oldestTriedAt: instant(Math.min(...all.map((row) => row.firstTriedAt))),
            attended: isHeld(lease),
          }
        }),
  }
}
