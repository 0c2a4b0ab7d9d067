import { styleText } from 'node:util'
import { benchDelivery } from './checks/bench/delivery-bench.ts'
import { benchDrain } from './checks/bench/drain-bench.ts'
import { benchHandler } from './checks/bench/handler-bench.ts'
import { exitWhenWritten } from './stack/exit-when-written.ts'
import { progressOn } from './stack/progress.ts'

const json = process.argv.includes('--json')
const quick = process.argv.includes('--quick')
const drainAlone = process.argv.includes('--drain')
const progress = progressOn(process.stderr)

const USAGE = `npm run bench -- [options]

  --quick   under a minute, rough
  --drain   only the drain after an outage
  --json    print one JSON line
  --help

What is measured and how: docs/benchmarks.md`

/** Measures the built pipeline and the floor in one run. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const show = (text: string): void => progress.show(text)
  const handler = drainAlone ? {} : await benchHandler(quick, show)
  const delivery = drainAlone ? {} : await benchDelivery(quick, show)
  const drain = await benchDrain(quick, show)
  progress.done()
  const figures = { nodeVersion: process.versions.node, ...handler, ...delivery, ...drain }
  if (json) {
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    return
  }
  const rows = Object.entries(figures).map(
    ([name, value]) => `${styleText('bold', name.padEnd(26))}${JSON.stringify(value)}`,
  )
  process.stdout.write(`${rows.join('\n')}\n`)
}

main().then(
  () => exitWhenWritten(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
