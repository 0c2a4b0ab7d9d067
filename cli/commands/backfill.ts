import { counted } from '../../shared/domain/duration.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { command } from '../command.ts'
import { confirmChange, NOTHING_CHANGED, YES_OPTION } from '../confirm.ts'
import { DEVICE_CODE_OPTION } from '../device-code-option.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { backfillText } from '../render/backfill-report.ts'
import { reconciledJson } from '../render/status-json.ts'
import { progressOn } from '../text/progress.ts'
import { TIME_USAGE, timeArgument } from '../time-argument.ts'

/** Before Entra had Identity Protection for workloads. */
const BEGINNING = '2020-01-01'

export const backfill = command({
  name: 'backfill',
  summary: 'Fetch from Microsoft Graph what the archive lacks',
  about: `Reads the risk that Microsoft Graph knows, compares it with the archive, and sends what is missing to the event hub, where it is processed like
all other records; its origin is "graph". Can be interrupted and run again: what is there is not sent twice. Graph is asked at most once a
second.`,
  options: {
    since: { type: 'string', value: 'T', help: 'only facts last updated from here on; default: all' },
    'dry-run': { type: 'boolean', default: false, help: 'compare, send nothing' },
    'device-code': DEVICE_CODE_OPTION,
    yes: YES_OPTION,
  },
  notes: `Requires the permissions IdentityRiskEvent.Read.All and IdentityRiskyServicePrincipal.Read.All in Graph (docs/graph.md), the role "Azure Event
Hubs Data Sender" on the hub, and read access to the archive.
${TIME_USAGE}`,
  examples: [
    ['backfill --since 180d --dry-run --device-code', 'what half a year would bring'],
    ['backfill --since 2026-01-01 --yes', 'without confirmation, with the credential at hand'],
  ],
  async run({ values }, context) {
    const from = timeArgument(values.since ?? BEGINNING, 'since', instant(context.time.now()))
    const operator = await operatorFor(values, context)
    const progress = progressOn(context.stderr)
    const signal = context.interruption()
    const showCode = values['device-code']
      ? (message: string) => context.stderr.write(`${message}\n`)
      : undefined
    const onRead = (read: number): void => progress.show(`${counted(read, 'fact')} read from Graph`)
    const maySend = async (records: number): Promise<boolean> => {
      progress.done()
      if (values['dry-run'] || signal.aborted) return false
      const question = `Send ${counted(records, 'record')} to ${operator.settings.eventHub.name}`
      return values.yes || confirmChange(records, question, context)
    }
    const report = await operator.backfill({ from, maySend, onRead }, showCode, signal)
    progress.done()
    if (report === 'busy') {
      context.stderr.write('Another process is asking Graph now. Try again in a few minutes.\n')
      return EXIT.problem
    }
    context.stdout.write(
      values.json
        ? `${JSON.stringify({ ...reconciledJson(report), dryRun: values['dry-run'] })}\n`
        : backfillText(report, values['dry-run']),
    )
    if (report.sent < report.due && !values['dry-run']) {
      context.stderr.write(NOTHING_CHANGED)
      return EXIT.interrupted
    }
    return report.unread.length > 0 ? EXIT.problem : EXIT.done
  },
})
