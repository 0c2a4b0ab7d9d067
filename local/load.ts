import { parseArgs } from 'node:util'
import { type LoadRun, loadRun } from './load/load-run.ts'
import { progressOn } from './progress.ts'

const USAGE = `npm run load -- [--json] [--rate MESSAGES_PER_SECOND]

Loads the built program on the embedded stack for about a minute, ten records a message: in calm, through an outage of the webhook, and
with a tenth of the messages malformed.

Exit codes: 0 nothing lost, 1 something is wrong, 3 it could not run.`

const COULD_NOT_RUN = 3
const CALM_SECONDS = 10
const OUTAGE_SECONDS = 25
const BAD_SECONDS = 10

const text = ({ calm, outage, badInput, drain, sent, lost, problems }: LoadRun): string => {
  const line = (name: string, { wellSink, peakRssMb }: LoadRun['calm']): string =>
    `${name}: log-analytics p50 ${wellSink.p50} ms, p99 ${wellSink.p99} ms over ${wellSink.events} events; host ${peakRssMb} MB`
  return [
    line('calm', calm),
    line('webhook down', outage),
    line('10 % malformed', badInput),
    `drain: ${drain.events} events in ${drain.seconds} s, ${drain.eventsPerSecond} a second`,
    `${sent} messages sent, ${lost} lost`,
    ...problems.slice(0, 20),
  ].join('\n')
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rate: { type: 'string', default: '60' },
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
    messagesPerSecond,
    calmSeconds: CALM_SECONDS,
    outageSeconds: OUTAGE_SECONDS,
    badSeconds: BAD_SECONDS,
    nowMs: () => Date.now(),
    say: (line) => progress.show(line),
  })
  progress.done()
  process.stdout.write(`${values.json ? JSON.stringify(run) : text(run)}\n`)
  return run.problems.length === 0 ? 0 : 1
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exit(COULD_NOT_RUN)
  },
)
