import type { ContainerClient } from '@azure/storage-blob'
import type { Outbox } from '../../delivery/outbox/outbox.ts'
import type { Sink } from '../../delivery/sink.ts'
import { instant } from '../../domain/identifiers.ts'
import type { Time } from '../../domain/time.ts'
import { refusalOf } from '../status/oldest-pending.ts'
import { recordsSince } from '../status/stored-health.ts'
import type { Probe } from './diagnose.ts'

/** Each sink's own check, and whether it refuses its pending deliveries. */
export const sinkProbes = (
  sinks: readonly Sink[],
  outbox: () => Promise<Pick<Outbox, 'pendingPartitions' | 'rows'>>,
): readonly Probe[] =>
  sinks.map((sink) => ({
    area: 'sinks',
    name: sink.name,
    run: async (signal) => {
      const fault = (await sink.check(signal)) ?? (await refusalOf(sink.name, await outbox()))
      if (fault === undefined) return { level: 'ok', says: 'It responds, and no pending event was refused.' }
      const { code, status, message: fix } = fault
      const says = `${code}${status === undefined ? '' : ` (${status})`}.`
      // Without a status nobody was asked: the sink got no token to ask with.
      const lacks = code === 'unauthorized' && status === undefined ? ({ lacks: 'token' } as const) : {}
      return { level: 'fail', says, fix, ...lacks }
    },
  }))

const DAY_MS = 24 * 3_600_000
/** A hub with a larger share of records that are not ours was meant for something else. */
const MAX_SKIPPED_SHARE = 0.1

/** Whether many records on the hub are not ours: they cost reads and are discarded. */
export const skippedProbe = (archive: () => Promise<ContainerClient>, time: Pick<Time, 'now'>): Probe => ({
  area: 'event hub',
  name: 'categories',
  run: async () => {
    const now = instant(time.now())
    const { records, skipped } = await recordsSince(await archive(), instant(now - DAY_MS), now)
    if (records === 0) return { level: 'ok', says: 'No records in the last 24 hours.' }
    const share = `${skipped} of ${records} records of the last 24 hours were skipped`
    return skipped / records > MAX_SKIPPED_SHARE
      ? {
          level: 'warn',
          says: `${share}: they are of other categories.`,
          fix: 'Send only the risk categories to this hub: check the diagnostic settings that write to it.',
        }
      : { level: 'ok', says: `${share}.` }
  },
})
