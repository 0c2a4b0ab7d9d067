import type { AppSettings } from '../config/parse-settings.ts'
import { instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'
import type { ReconcileReport } from '../graph/reconcile-report.ts'
import { whatToDo } from '../graph/what-to-do.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Reconciler } from './reconciler.ts'

/** Less than an hour, after which the next comparison begins; more than any tenant needs. */
const TIMEOUT_MS = 25 * 60_000
/** At one request a second, ten minutes; the others are read by the next run. */
const MAX_HISTORIES = 600

/** Compares the time that the settings name, and reports what was found. */
export async function reconcileNow(
  { graph }: AppSettings,
  reconciler: Reconciler,
  telemetry: Telemetry,
  time: Pick<Time, 'now' | 'limit'>,
): Promise<void> {
  const from = instant(time.now() - graph.windowMs)
  const limit = time.limit(TIMEOUT_MS)
  const run = await reconciler
    .run({ from, graceMs: graph.graceMs, maxHistories: MAX_HISTORIES }, limit.signal)
    .finally(() => limit.end())
  // Another process is at it, and reports.
  if (run === 'busy') return
  telemetry.reconciled(run.report)
  reportUnread(run.report, run.previous, telemetry)
}

/** What cannot be read for lack of a licence or a permission is said once, not every hour. */
function reportUnread(
  { unread }: ReconcileReport,
  previous: ReconcileReport | undefined,
  telemetry: Telemetry,
): void {
  for (const { name, fault } of unread) {
    const wasSo = previous?.unread.some((known) => known.name === name && known.fault.kind === fault.kind)
    if (wasSo === true) continue
    telemetry.graphUnread(name, whatToDo(name, fault))
  }
}
