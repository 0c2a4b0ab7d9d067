import type { Outbox, PendingPartition, WakeUps } from '../../delivery/outbox/outbox.ts'
import type { Time } from '../../domain/time.ts'
import type { PendingAtSink, Telemetry } from '../../telemetry/telemetry.ts'

export interface SweepDeps {
  readonly outbox: Pick<Outbox, 'summary' | 'setAside'>
  readonly wakeUps: WakeUps
  /** The enabled sinks. */
  readonly sinks: ReadonlyMap<string, object>
  readonly telemetry: Pick<Telemetry, 'pendingAtSinks' | 'problem'>
  readonly time: Pick<Time, 'now'>
}

/**
 * Wakes up every outbox partition that has something pending and no holder, to make up for wake-ups
 * that were lost or held by a crashed process. Reports totals, and sets unreadable rows aside.
 */
export async function sweep({ outbox, wakeUps, sinks, telemetry, time }: SweepDeps): Promise<void> {
  const { pendingPartitions, unreadableRows } = await outbox.summary()
  const names = new Set([
    ...sinks.keys(),
    ...pendingPartitions.map(({ outboxPartition }) => outboxPartition.sink),
  ])
  telemetry.pendingAtSinks([...names].map((sink) => pendingAt(sink, pendingPartitions, time.now())))
  const work = [
    ...pendingPartitions
      .filter(({ attended }) => !attended)
      .map(
        ({ outboxPartition }) =>
          () =>
            wakeUps.send(outboxPartition, 0),
      ),
    ...unreadableRows.map((row) => () => outbox.setAside(row)),
  ]
  const failures: unknown[] = []
  for (const one of work) await one().catch((cause: unknown) => failures.push(cause))
  if (unreadableRows.length > 0)
    telemetry.problem('rowsSetAside', new Error(`${unreadableRows.length} of them.`))
  if (failures.length > 0) throw failures[0]
}

function pendingAt(
  sink: string,
  pendingPartitions: readonly PendingPartition[],
  nowMs: number,
): PendingAtSink {
  const outboxPartitions = pendingPartitions.filter(({ outboxPartition }) => outboxPartition.sink === sink)
  return {
    sink,
    events: outboxPartitions.reduce((sum, { events }) => sum + events, 0),
    oldestMs: Math.max(0, ...outboxPartitions.map(({ oldestTriedAt }) => nowMs - oldestTriedAt)),
  }
}
