import { expect, it } from 'vitest'
import { instant } from '../../shared/domain/identifiers.ts'
import { gatherHealth } from '../../shared/operations/heartbeat.ts'
import { committedSources } from '../support/bicep/sources.ts'

it('the alarms on a partition that stands still or lags read what heartbeats say of partitions', async () => {
  const none = async () => ({ records: 0, events: 0, faults: 0, skipped: 0 })
  const { partitions } = await gatherHealth(
    {
      recordsSince: none,
      outcomesSince: async () => new Map(),
      deadLettersSince: async () => 0,
      pendingPartitions: async () => [],
      notConfigured: [],
      reading: async () => [
        {
          partition: '0',
          lastSequenceNumber: 14,
          checkpoint: 7,
          behind: 7,
          expired: 0,
          state: 'reading',
          lastEnqueuedAt: instant(0),
        },
      ],
    },
    [],
    { since: instant(0), sentAt: instant(1) },
  )
  const alerts = committedSources.text('infra/modules/alerts.bicep')
  const query = /^var partitions = '(.*)'$/m.exec(alerts)?.[1] ?? ''
  const read = [...query.matchAll(/Partition\.(\w+)/g)].map(([, name]) => name)
  expect(new Set(read)).toEqual(new Set(['behind', 'lastSequenceNumber', 'partition']))
  expect(partitions).toEqual([
    expect.objectContaining(Object.fromEntries(read.map((name) => [name, expect.anything()]))),
  ])
})
