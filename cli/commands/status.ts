import { instant } from '../../shared/domain/identifiers.ts'
import { needsAttention } from '../../shared/operations/status/status.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { appHints, failureText } from '../failure-text.ts'
import { operatorFor } from '../operator.ts'
import { wholeNumber } from '../read-options.ts'
import { statusJson } from '../render/status-json.ts'
import { statusText } from '../render/status-text.ts'
import { paintFor } from '../text/paint.ts'
import { UsageError } from '../usage-error.ts'

const WATCH_SECONDS = '5'
/** Clears a terminal, and moves to its upper left corner. */
const CLEAR = '\u001b[H\u001b[2J\u001b[3J'

export const status = command({
  name: 'status',
  summary: 'Show the lag behind the hub, pending events, dead letters and the last delivery to each sink',
  options: {
    check: {
      type: 'boolean',
      default: false,
      help: 'exit code 1 if anything needs attention: a sink that refuses events, a dead letter, lost messages,\nan app without a heartbeat',
    },
    watch: {
      type: 'string',
      value: 'SECONDS',
      implied: WATCH_SECONDS,
      help: `repeat every SECONDS (default ${WATCH_SECONDS}) until Ctrl-C`,
    },
  },
  examples: [
    ['status --local', 'the stack that `npm start` runs'],
    ['status --watch 10', 'while the outbox drains'],
    ['status --check --json', 'for monitoring'],
  ],
  async run({ values, suggest }, context) {
    const everyS = values.watch === undefined ? undefined : wholeNumber(values.watch, 'watch', 1, 3600)
    if (everyS !== undefined && values.check)
      throw new UsageError('--check and --watch: use one or the other.')
    const operator = await operatorFor(values, context)
    const { isTerminal, write } = context.stdout
    const paint = paintFor(isTerminal, context.env.NO_COLOR)
    const show = async (before: string) => {
      const found = await operator.status()
      write(
        values.json
          ? `${JSON.stringify(statusJson(found))}\n`
          : `${before}${statusText(found, instant(context.time.now()), paint, suggest, context.stdout.columns)}`,
      )
      return found
    }
    const first = await show(everyS === undefined || !isTerminal ? '' : CLEAR)
    if (everyS === undefined) return values.check && needsAttention(first) ? EXIT.problem : EXIT.done
    const signal = context.interruption()
    for (;;) {
      await context.time.sleep(everyS * 1000, signal)
      if (signal.aborted) return EXIT.interrupted
      try {
        await show(isTerminal ? CLEAR : '\n')
      } catch (error) {
        // It worked before, so this failure may pass: keep watching.
        context.stderr.write(`${failureText(error, appHints(suggest))}\n`)
      }
    }
  },
})
