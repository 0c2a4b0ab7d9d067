import { instant } from '../../shared/domain/identifiers.ts'
import { needsAttention } from '../../shared/operations/status/status.ts'
import { command } from '../command.ts'
import type { CommandContext } from '../command-context.ts'
import { readDeployments, severityOf } from '../deployments.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { appHints, failureText } from '../failure-text.ts'
import { operatorFor } from '../operator.ts'
import { wholeNumber } from '../read-options.ts'
import { deploymentsJson } from '../render/deployments-json.ts'
import { deploymentsText } from '../render/deployments-text.ts'
import { statusJson } from '../render/status-json.ts'
import { statusText } from '../render/status-text.ts'
import { paintFor } from '../text/paint.ts'
import { UsageError } from '../usage-error.ts'

const WATCH_SECONDS = '5'
/** Clears a terminal, and moves to its upper left corner. */
const CLEAR = '\u001b[H\u001b[2J\u001b[3J'

/** One table of every deployment whose settings are in the folder. @returns that of the worst */
async function showAll(folder: string, isJson: boolean, context: CommandContext): Promise<ExitCode> {
  const { isTerminal, columns, write } = context.stdout
  const deployments = await readDeployments(folder, context)
  const paint = paintFor(isTerminal, context.env.NO_COLOR)
  write(
    isJson
      ? `${JSON.stringify(deploymentsJson(deployments))}\n`
      : deploymentsText(deployments, instant(context.time.now()), paint, columns),
  )
  const [worst] = deployments
  return worst === undefined ? EXIT.done : severityOf(worst)
}

export const status = command({
  name: 'status',
  summary: 'Show the lag behind the hub, pending events, dead letters and the last delivery to each sink',
  options: {
    all: {
      type: 'string',
      value: 'FOLDER',
      help: 'several deployments, worst first: a file of settings for each in FOLDER, as --settings takes it.\nExit code: the worst of 0 (well), 1 (look at it) and 3 (not read)',
    },
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
    ['status --all tenants', 'one deployment for each tenant'],
  ],
  async run({ values, suggest }, context) {
    const everyS = values.watch === undefined ? undefined : wholeNumber(values.watch, 'watch', 1, 3600)
    if (everyS !== undefined && values.check)
      throw new UsageError('--check and --watch: use one or the other.')
    if (values.all !== undefined) {
      if (values.local || values.settings !== undefined || everyS !== undefined || values.check)
        throw new UsageError('--all goes with --json alone.')
      return showAll(values.all, values.json, context)
    }
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
