import { parseArgs } from 'node:util'
import { LOAD_PLAN, QUICK_PLAN } from './checks/load/load-plan.ts'
import { loadRun } from './checks/load/load-run.ts'
import { loadText } from './checks/load/load-text.ts'
import { exitWhenWritten } from './stack/exit-when-written.ts'
import { progressOn } from './stack/progress.ts'

const USAGE = `npm run load -- [--json] [--rate MESSAGES_PER_SECOND] [--small] [--quick]

Runs the built program on the embedded stack under load for about four minutes, ten records a message: in normal phases, through outages of
the webhook that end under load, and with a tenth of the messages malformed, with normal phases in between.

  --rate   messages a second; default 60, at which two cores are not saturated
  --quick  half a minute: checks whether anything is lost or altered, and measures nothing
  --small  with a heap of at most 160 MB, so that garbage does not hide memory growth

Exit codes: 0 nothing lost or altered, 1 something is wrong, 3 could not run.`

const COULD_NOT_RUN = 3
const SMALL_INSTANCE = ['--max-old-space-size=160', '--max-semi-space-size=4']

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rate: { type: 'string', default: '60' },
      small: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const messagesPerSecond = Number(values.rate)
  if (!(messagesPerSecond > 0 && messagesPerSecond <= 5000))
    throw new Error('--rate: expected a number from 1 to 5000.')
  const progress = progressOn(process.stderr)
  const run = await loadRun({
    plan: values.quick ? QUICK_PLAN : LOAD_PLAN,
    messagesPerSecond,
    nodeOptions: values.small ? SMALL_INSTANCE : [],
    nowMs: () => Date.now(),
    say: (line) => progress.show(line),
  })
  progress.done()
  process.stdout.write(`${values.json ? JSON.stringify(run) : loadText(run)}\n`)
  return run.problems.length === 0 ? 0 : 1
}

main().then(exitWhenWritten, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(COULD_NOT_RUN)
})
