import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline'
import { AzureNamedKeyCredential, TableClient } from '@azure/data-tables'
import { expect, it } from 'vitest'
import { LeanTables } from '../../../../local/checks/bench/lean-tables.ts'
import { type LeanTable, leanTable } from '../../../../shared/azure/lean-table.ts'
import { outboxPartitionOf, pendingRows } from '../../../../shared/delivery/outbox/outbox.ts'
import { tableOutbox } from '../../../../shared/delivery/outbox/outbox-table.ts'
import { transientFault } from '../../../../shared/domain/fault.ts'
import { instant } from '../../../../shared/domain/identifiers.ts'
import { archivedEventAt, archivedEventsAt } from '../../../support/archived-event-at.ts'
import { virtualTime } from '../../../support/virtual-time.ts'

/** The SDK's client, without a network in between, with its own transactions or lean ones. */
function clientOf(tables: LeanTables, isLean: boolean): LeanTable {
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const { url, method, headers } = request
      const body = typeof request.body === 'string' ? request.body : ''
      const answer = tables.answer({ method, path: url, ifMatch: headers.get('if-match'), body })
      const { status, headers: given = {}, body: bodyAsText = '' } = answer
      return { request, status, headers: createHttpHeaders({ ...given }), bodyAsText }
    },
  }
  const credential = new AzureNamedKeyCredential('dev', Buffer.alloc(64).toString('base64'))
  const client = new TableClient('https://localhost/dev', 'outbox', credential, { httpClient })
  return isLean ? leanTable(client, httpClient) : client
}

it.each([
  ['lean', true],
  ["the SDK's", false],
])('the lean tables of the bench are a table to the outbox: transactions are %s', async (_, isLean) => {
  const table = clientOf(new LeanTables(), isLean)
  const outbox = tableOutbox(table, virtualTime(), () => 'token')
  const outboxPartition = outboxPartitionOf('webhook', archivedEventAt(0).position)
  const fault = transientFault('unavailable', "The sink's asleep.")
  const rows = archivedEventsAt(1, 1130).flatMap((archived) =>
    pendingRows([{ archived, fault }], instant(Date.UTC(2026, 2, 1, 10))),
  )
  await outbox.append(outboxPartition, rows.slice(0, 50))
  await outbox.append(outboxPartition, rows)
  expect(await outbox.acquire(outboxPartition, 1000)).toBeDefined()
  expect(await outbox.acquire(outboxPartition, 1000)).toBeUndefined()

  const found = await outbox.rows(outboxPartition, 1000)
  const [first, second, ...others] = [
    ...found,
    ...(await outbox.rows(outboxPartition, 1000, found.at(-1)?.key)),
  ]
  expect([first, second, ...others].map((row) => row?.key)).toEqual(rows.map(({ key }) => key))
  if (first === undefined || second === undefined) return
  expect(first.lastFault?.message).toBe("The sink's asleep.")
  const changed = await outbox.replace(outboxPartition, { ...first, attempts: 7 })
  expect(changed?.attempts).toBe(7)
  expect(await outbox.replace(outboxPartition, { ...first, attempts: 8 })).toBeUndefined()

  await outbox.remove(outboxPartition, others.slice(0, 60))
  await outbox.remove(outboxPartition, [second, ...others])
  expect(await outbox.rows(outboxPartition, 10)).toEqual([expect.objectContaining({ attempts: 7 })])
  let pages = 0
  for await (const _ of table.listEntities().byPage({ maxPageSize: 1 })) pages++
  expect(pages).toBe(2)
})
