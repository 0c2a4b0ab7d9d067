import { access, constants } from 'node:fs/promises'
import { parseBenchOptions, USAGE } from './checks/bench/bench-options.ts'
import { FULL_PLAN, QUICK_PLAN } from './checks/bench/bench-plan.ts'
import { type BenchFigures, benchText, problemsOf } from './checks/bench/bench-text.ts'
import { benchDelivery } from './checks/bench/delivery-bench.ts'
import { benchDrain } from './checks/bench/drain-bench.ts'
import { benchHandler } from './checks/bench/handler-bench.ts'
import type { HandlerFigures } from './checks/bench/handler-figures.ts'
import { exitWhenWritten } from './stack/exit-when-written.ts'
import { progressOn } from './stack/progress.ts'

const COULD_NOT_RUN = 3

/** Minutes and seconds since the start. */
function elapsed(): string {
  const seconds = Math.floor(performance.now() / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Measures the built pipeline beside the floors, in one run. */
async function main(): Promise<number> {
  const { quick, json, help, parts, otherNodes } = parseBenchOptions(process.argv.slice(2))
  if (help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  for (const node of otherNodes) {
    await access(node, constants.X_OK).catch(() => {
      throw new Error(`--node: ${node} cannot be run. Give the path of a Node.js executable.`)
    })
  }
  const progress = progressOn(process.stderr)
  const show = (text: string): void => progress.show(`${elapsed()}  ${text}`)
  const plan = quick ? QUICK_PLAN : FULL_PLAN
  const has = (part: (typeof parts)[number]): boolean => parts.includes(part)

  const handler = has('handler') ? await benchHandler(plan, show) : {}
  const others: HandlerFigures[] = []
  for (const node of has('handler') ? otherNodes : []) others.push(await benchHandler(plan, show, node))
  const delivery = has('delivery') ? await benchDelivery(quick, show) : {}
  const drain = has('drain') ? await benchDrain(quick, show) : {}
  progress.done()

  const figures: BenchFigures = {
    nodeVersion: process.versions.node,
    ...handler,
    ...delivery,
    ...drain,
    ...(others.length > 0 && { otherNodes: others }),
  }
  process.stdout.write(`${json ? JSON.stringify(figures) : benchText(figures)}\n`)
  const problems = problemsOf(figures)
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  return problems.length === 0 ? 0 : 1
}

main().then(exitWhenWritten, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(COULD_NOT_RUN)
})
