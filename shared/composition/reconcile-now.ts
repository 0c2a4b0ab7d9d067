import type { AppSettings } from '../config/parse-settings.ts'
import { instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'
import { settingProblem } from '../graph/diagnostic-setting.ts'
import type { ReconcileReport } from '../graph/reconcile-report.ts'
import { whatToDo } from '../graph/what-to-do.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Reconciler } from './reconciler.ts'

/** Well below the hourly schedule, and more than any tenant needs. */
const TIMEOUT_MS = 25 * 60_000
/** Whoever reads contexts gives the lease back sooner. */
const MAX_WAIT_MS = 150_000
const ASK_AGAIN_MS = 5000
/** Ten minutes at one request per second; the next run reads the rest. */
const MAX_HISTORIES = 600

/** Reconciles the configured time window, and reports the result to telemetry. */
export async function reconcileNow(
  { graph }: AppSettings,
  reconciler: Reconciler,
  telemetry: Telemetry,
  time: Pick<Time, 'now' | 'limit' | 'monotonicMs' | 'sleep'>,
): Promise<void> {
  const from = instant(time.now() - graph.windowMs)
  const request = { from, graceMs: graph.graceMs, maxHistories: MAX_HISTORIES }
  const untilMs = time.monotonicMs() + MAX_WAIT_MS
  const limit = time.limit(TIMEOUT_MS)
  let run: Awaited<ReturnType<Reconciler['run']>>
  try {
    for (;;) {
      run = await reconciler.run(request, limit.signal)
      if (run !== 'busy' || limit.signal.aborted || time.monotonicMs() >= untilMs) break
      await time.sleep(ASK_AGAIN_MS, limit.signal)
    }
  } finally {
    limit.end()
  }
  // A comparison that is under way reports itself.
  if (run === 'busy') return
  telemetry.reconciled(run.report)
  reportUnread(run.report, run.previous, telemetry)
  const problem = settingProblem(run.report.diagnosticSetting)
  if (problem !== undefined && problem !== settingProblem(run.previous?.diagnosticSetting))
    telemetry.problem('diagnosticSettingChanged', undefined)
}

/** Reports unreadable collections once, not again every hour. */
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
