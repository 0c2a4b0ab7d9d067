import { instant } from '../../shared/domain/identifiers.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { TO_OPTION } from '../range-options.ts'
import { singleArgument, wholeNumber } from '../read-options.ts'
import { tracedJson } from '../render/traced-json.ts'
import { tracedText } from '../render/traced-text.ts'
import { paintFor } from '../text/paint.ts'
import { progressOn, soFar } from '../text/progress.ts'
import { TIME_USAGE, timeRange } from '../time-argument.ts'

const MAX_LIMIT = 1000

export const trace = command({
  name: 'trace',
  summary: 'Show where a record came from, where it was delivered, and what failed',
  operand: 'other',
  usage: ['EVENT_ID|DETECTION_ID|IDENTITY|NAME|REQUEST_ID'],
  about: `Searches archive, receipts, outbox and dead letters for the records of an event, a fact, a detection, an identity (by id or
display name), an application (by app id), or a request to a sink (webhook-id, x-ms-client-request-id). For records that could
not be normalised, the original bytes are searched. The newest record comes last.`,
  options: {
    from: {
      type: 'string',
      value: 'T',
      default: '24h',
      help: 'start of the range, by enqueued time; inclusive (default 24h)',
    },
    to: TO_OPTION,
    limit: {
      type: 'string',
      value: 'N',
      default: '20',
      help: 'the newest N records (default 20)',
    },
  },
  notes: `${TIME_USAGE}

Exit code 1: no record was found.`,
  examples: [
    ['trace 93f2d6be-08c7-45a1-b3ec-7d1f4b8a2c60 --from 7d', 'an identity, over a week'],
    ["trace 'Payroll nightly sync'", 'an identity, by display name'],
    [
      'trace msg_5c0d8a1f0b2e4c7d9e6f3a8b1c2d4e5f',
      'events of one request, by the webhook-id in the log of the receiver',
    ],
  ],
  async run({ values, operands }, context) {
    const wanted = singleArgument(operands, 'EVENT_ID, DETECTION_ID, IDENTITY, NAME or REQUEST_ID')
    const now = instant(context.time.now())
    const { from, to } = timeRange(values, now)
    const maxRecords = wholeNumber(values.limit, 'limit', 1, MAX_LIMIT)
    const operator = await operatorFor(values, context)
    const progress = progressOn(context.stderr)
    const total = progress.isShown ? await operator.countBlobs({ from, to }) : undefined
    const found = await operator.trace({ wanted, from, to, maxRecords }, (read, what) =>
      progress.show(`searched ${soFar(read, what === 'archive blobs' ? total : undefined, what)}`),
    )
    progress.done()
    const { isTerminal, write } = context.stdout
    write(
      values.json
        ? `${JSON.stringify(tracedJson(wanted, found))}\n`
        : tracedText(
            { wanted, from, to, moreLimit: Math.min(MAX_LIMIT, maxRecords * 10) },
            found,
            paintFor(isTerminal, context.env.NO_COLOR),
          ),
    )
    return found.records.length === 0 ? EXIT.problem : EXIT.done
  },
})
