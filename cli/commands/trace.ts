import { instant } from '../../shared/domain/identifiers.ts'
import { COMMON_OPTIONS, COMMON_USAGE, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { onlyWord, readOptions, wholeNumber } from '../read-options.ts'
import { tracedJson } from '../render/traced-json.ts'
import { tracedText } from '../render/traced-text.ts'
import { counted } from '../text/duration.ts'
import { paintFor } from '../text/paint.ts'
import { progressOn } from '../text/progress.ts'
import { TIME_USAGE, timeArgument } from '../time-argument.ts'
import { UsageError } from '../usage-error.ts'

const OPTIONS = {
  ...COMMON_OPTIONS,
  from: { type: 'string', default: '24h' },
  to: { type: 'string', default: 'now' },
  limit: { type: 'string', default: '20' },
} as const

export const trace: Command = {
  name: 'trace',
  summary: 'Where a record came from and where it went: when, how often, what failed',
  usage: `risk-export trace EVENT_ID|DETECTION_ID|IDENTITY [options]

Looks through archive, receipts, outbox and dead letters for the records of an event, a fact, a detection, an identity or an
application (by its app id). Of records that could not be normalised the bytes are looked through.

  --from T         of the time at which the hub took the message; inclusive (default 24h)
  --to T           exclusive (default now)
  --limit N        so many records at most (default 20)
${COMMON_USAGE}

${TIME_USAGE}

A receipt counts the ends of a whole chunk. Where it counts several, a record is "settled": delivered, known to be a duplicate,
or filtered.

Exit code 1: no such record was found.`,
  async run(args, around) {
    const { values, positionals } = readOptions(args, OPTIONS)
    const wanted = onlyWord(positionals, 'EVENT_ID, DETECTION_ID or IDENTITY')
    const now = instant(around.time.now())
    const from = timeArgument(values.from, 'from', now)
    // A record that came this very moment is meant, too.
    const to = instant(timeArgument(values.to, 'to', now) + (values.to === 'now' ? 1 : 0))
    if (from >= to) throw new UsageError('--from must be before --to.')
    const maxRecords = wholeNumber(values.limit, 'limit', 1, 1000)
    const operator = await operatorFor(values, around)
    const progress = progressOn(around.stderr)
    const found = await operator.trace({ wanted, from, to, maxRecords }, (blobs) =>
      progress.show(`${counted(blobs, 'archive blob')} looked through`),
    )
    progress.done()
    const { isTerminal, write } = around.stdout
    write(
      values.json
        ? `${JSON.stringify(tracedJson(wanted, found))}\n`
        : tracedText(wanted, { from, to }, found, paintFor(isTerminal, around.env.NO_COLOR)),
    )
    return found.records.length === 0 ? EXIT.problem : EXIT.done
  },
}
