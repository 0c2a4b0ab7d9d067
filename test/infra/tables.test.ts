import { expect, it } from 'vitest'
import { tableDeclarations } from '../../shared/sinks/log-analytics/tables.ts'

it('keeps to the names that Log Analytics allows', () => {
  const reserved = /^(id|BilledSize|IsBillable|InvalidTimeGenerated|TenantId|Title|Type|UniqueId|_.*)$/
  const columns = tableDeclarations().flatMap((t) => t.columns.map((c) => c.name))
  expect(columns.filter((c) => reserved.test(c) || !/^[A-Za-z][A-Za-z0-9_]{1,44}$/.test(c))).toEqual([])
  for (const { name, columns: own } of tableDeclarations()) {
    expect(name).toMatch(/^[A-Za-z0-9_-]{1,60}_CL$/)
    expect(own[0]).toMatchObject({ name: 'TimeGenerated', type: 'datetime' })
    expect(new Set(own.map((c) => c.name)).size).toBe(own.length)
  }
})
