import type { Doorbell, Outbox, OwingPage } from '../../delivery/outbox/outbox.ts'
import type { Time } from '../../domain/time.ts'
import type { OwedAtSink, Telemetry } from '../../telemetry/telemetry.ts'

export interface SweepDeps {
  readonly outbox: Pick<Outbox, 'survey' | 'setAside'>
  readonly doorbell: Doorbell
  /** Of the sinks that are on. */
  readonly sinks: ReadonlyMap<string, object>
  readonly telemetry: Pick<Telemetry, 'owing' | 'troubled'>
  readonly time: Pick<Time, 'now'>
}

/**
 * Rings for every page that owes something and that nobody holds: makes up for doorbell messages that were lost or are held by a process
 * that died. Tells what is owed in all, and sets aside what cannot be read.
 */
export async function sweep({ outbox, doorbell, sinks, telemetry, time }: SweepDeps): Promise<void> {
  const { owing, strays } = await outbox.survey()
  const names = new Set([...sinks.keys(), ...owing.map(({ page }) => page.sink)])
  telemetry.owing([...names].map((sink) => owedAt(sink, owing, time.now())))
  for (const { page, attended } of owing) {
    if (!attended) await doorbell.ring(page, 0)
  }
  for (const stray of strays) await outbox.setAside(stray)
  if (strays.length > 0) telemetry.troubled('rowsSetAside', new Error(`${strays.length} of them.`))
}

function owedAt(sink: string, owing: readonly OwingPage[], nowMs: number): OwedAtSink {
  const pages = owing.filter(({ page }) => page.sink === sink)
  return {
    sink,
    events: pages.reduce((sum, { events }) => sum + events, 0),
    oldestMs: Math.max(0, ...pages.map(({ oldestTriedAt }) => nowMs - oldestTriedAt)),
  }
}
