import { expect, it } from 'vitest'
import { reconcileNow } from '../../shared/composition/reconcile-now.ts'
import type { ReconcileRequest } from '../../shared/composition/reconciler.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import type { GraphFault } from '../../shared/graph/graph-fault.ts'
import type { ReconcileReport } from '../../shared/graph/reconcile-report.ts'
import { logTelemetry } from '../../shared/telemetry/log-telemetry.ts'
import { appSettings } from '../support/app-settings.ts'
import { virtualTime } from '../support/virtual-time.ts'

const NOW = Date.UTC(2026, 2, 1, 12)
const settings = readSettings({
  ...appSettings({ connectionString: 'UseDevelopmentStorage=true' }, 'https://siem.example/hook'),
  GRAPH_RECONCILE_HOURS: '24',
  GRAPH_RECONCILE_GRACE_MINUTES: '30',
})

const reportWith = (fault?: GraphFault): ReconcileReport => ({
  at: instant(NOW),
  from: instant(0),
  inBoth: 3,
  onlyInStream: 0,
  onlyInGraph: fault === undefined ? 1 : 0,
  enrichedInGraph: 0,
  due: 1,
  sent: 1,
  streamLagSeconds: 90,
  streamLossPerMille: 250,
  unread: fault === undefined ? [] : [{ name: 'riskyServicePrincipals/history', fault }],
})

/** The lines that a run writes whose predecessor had found this. */
async function linesOf(report: ReconcileReport | 'busy', previous?: ReconcileReport) {
  const lines: string[] = []
  const requests: ReconcileRequest[] = []
  const reconciler = {
    lastReport: async () => previous,
    async run(request: ReconcileRequest) {
      requests.push(request)
      return report === 'busy' ? report : { report, previous }
    },
  }
  const telemetry = logTelemetry((level, line) => lines.push(`${level} ${line}`))
  await reconcileNow(settings, reconciler, telemetry, virtualTime(NOW))
  return { lines, requests }
}

it('compares the time that the settings name, and warns of what the stream has lost', async () => {
  const { lines, requests } = await linesOf(reportWith())
  expect(requests).toEqual([{ from: NOW - 24 * 3_600_000, graceMs: 30 * 60_000, maxHistories: 600 }])
  expect(lines).toEqual([
    'warning Compared with Microsoft Graph: inBoth=3 onlyInStream=0 onlyInGraph=1 enrichedInGraph=0 sent=1; stream lost 250 of 1,000, at most 90 s behind.',
  ])
})

it('waits for whoever reads contexts under the same lease', async () => {
  const time = virtualTime(NOW)
  let asked = 0
  const reconciler = {
    lastReport: async () => undefined,
    async run() {
      asked += 1
      return time.now() < NOW + 60_000 ? 'busy' : { report: reportWith(), previous: undefined }
    },
  } as const
  const lines: string[] = []
  await reconcileNow(
    settings,
    reconciler,
    logTelemetry((_, line) => lines.push(line)),
    time,
  )
  expect([asked, lines.length]).toEqual([13, 1])
})

it('leaves the report to the process that is at it, after two and a half minutes', async () => {
  expect((await linesOf('busy')).lines).toEqual([])
})

it.each<[GraphFault, string]>([
  [{ kind: 'noPermission' }, 'lacks the application permission IdentityRiskyServicePrincipal.Read.All'],
  [{ kind: 'noLicence' }, 'It needs Microsoft Entra Workload ID Premium'],
  [{ kind: 'unauthorized' }, 'The token is not accepted'],
  [{ kind: 'unavailable', code: 'status 503' }, 'The next run tries again'],
  [{ kind: 'notFound' }, 'Check GRAPH_ENDPOINT'],
  [{ kind: 'refused', code: 'BadRequest' }, 'Graph refused the request (BadRequest)'],
])('says once what to do about %j, and again only when it is another', async (fault, words) => {
  const { lines } = await linesOf(reportWith(fault))
  expect(lines[1]).toContain('warning Microsoft Graph: riskyServicePrincipals/history cannot be read.')
  expect(lines[1]).toContain(words)
  expect((await linesOf(reportWith(fault), reportWith(fault))).lines).toHaveLength(1)
  expect((await linesOf(reportWith(fault), reportWith())).lines).toHaveLength(2)
})

it('says once that the diagnostic setting is gone, and again when something else is wrong with it', async () => {
  const line = (lines: readonly string[]) => lines.filter((one) => one.includes('diagnostic setting'))
  const gone: ReconcileReport = { ...reportWith(), diagnosticSetting: { state: 'gone' } }
  const part: ReconcileReport = {
    ...reportWith(),
    diagnosticSetting: { state: 'incomplete', missing: ['RiskyServicePrincipals'] },
  }
  const streaming: ReconcileReport = { ...reportWith(), diagnosticSetting: { state: 'streaming' } }
  expect(line((await linesOf(gone, streaming)).lines)).toEqual([
    expect.stringMatching(/^warning No diagnostic setting of Entra streams .* Check the setting/),
  ])
  expect(line((await linesOf(gone)).lines)).toHaveLength(1)
  expect(line((await linesOf(gone, gone)).lines)).toEqual([])
  expect(line((await linesOf(part, gone)).lines)).toHaveLength(1)
  expect(line((await linesOf(streaming, gone)).lines)).toEqual([])
})
