import { bundledFeedPath } from '../../../../../local/stack/feed/bundled-feed.ts'
import { readFeed } from '../../../../../local/stack/feed/read-feed.ts'
import { buildChunk } from '../../../../../shared/archive/chunk.ts'
import { instant } from '../../../../../shared/domain/identifiers.ts'
import { logRow } from '../../../../../shared/sinks/log-analytics/log-row.ts'
import { rowHead } from '../../../../../shared/sinks/log-analytics/row-writer.ts'
import { readMessage } from '../../../../../shared/source/read-message.ts'
import { settings } from '../../../../source/reading-under-test.ts'
import { spanText } from '../../../../support/event-forms.ts'
import { type ArrivedRow, at } from './rows.ts'
import { MORNING, type RiskScenario } from './scenario.ts'

/** The bundled feed as rows of its tables, sent all at once. */
async function bundledFeedRows(): Promise<Readonly<Record<string, readonly ArrivedRow[]>>> {
  const feed = await readFeed(bundledFeedPath())
  const enqueuedAt = Date.parse(at('09:00'))
  const read = feed.map(({ body }, sequenceNumber) => {
    const position = {
      namespace: 'ns',
      hub: 'hub',
      partition: '0',
      sequenceNumber,
      offset: String(sequenceNumber),
      enqueuedAt: instant(enqueuedAt + sequenceNumber),
    }
    return readMessage({ position, body }, settings)
  })
  const tables: Record<string, ArrivedRow[]> = {}
  for (const event of buildChunk(read).events) {
    const row = logRow(event, 1_000_000)
    const table = row.route.replace('Custom-', '')
    const cells = JSON.parse(rowHead(at('09:02')) + spanText(row))
    tables[table] = [...(tables[table] ?? []), { arrivedAt: at('09:05'), cells }]
  }
  return tables
}

const tables = await bundledFeedRows()
const of = (rule: string, alerts: readonly string[]): RiskScenario => ({
  title: `the bundled feed raises no alert on an identity that it remediates or dismisses (${rule})`,
  rule,
  ...MORNING,
  tables,
  alerts,
})

/** Of its identities, `build-pipeline` and `payroll-api` are remediated, `nightly-backup` is dismissed. */
export const bundledFeed: readonly RiskScenario[] = [
  of('high-risk-detection', [
    '10:00 High High risk on Brightledger Invoice Reader: Microsoft Entra threat intelligence',
    '10:00 High High risk on Expense Assistant: Sign-in spike, Confirmed compromised, Sign-in by risky user, Microsoft Entra threat intelligence',
  ]),
  of('medium-risk-detection', [
    '10:00 Medium Medium risk on Expense Assistant: Unfamiliar resource access, Entra Directory Reconnaissance',
    '10:00 Medium Medium risk on Brightledger Invoice Reader: Suspicious application',
    '10:00 Medium Risk of hidden level on warehouse-sync: generic',
    '10:00 Medium Medium risk on telemetry-relay: unusualCredentialUse',
  ]),
  of('application-disabled-by-microsoft', [
    '10:00 High Microsoft disabled the application Brightledger Invoice Reader',
  ]),
  {
    ...of('confirmed-compromised-but-enabled', []),
    defect: {
      file: 'confirmed-compromised-but-enabled',
      from: 'coalesce(AccountEnabled, true)',
      to: 'true',
    },
  },
]
