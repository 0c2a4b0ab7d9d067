import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHAOS_USAGE, type ChaosOptions, chaosOptions } from './checks/chaos/chaos-options.ts'
import { addRuns, type ChaosTotal, NOTHING_YET, reportJson, reportText } from './checks/chaos/chaos-report.ts'
import { ALL_DISRUPTIONS } from './checks/chaos/model/disruptions.ts'
import { type ModelRunOptions, modelRun } from './checks/chaos/model/model-run.ts'
import { processRun } from './checks/chaos/processes/process-run.ts'
import { keepEverything } from './checks/once/run-once.ts'
import { exitWhenWritten } from './stack/exit-when-written.ts'
import { type Progress, progressOn } from './stack/progress.ts'
import { UsageError } from './stack/start-options.ts'

const COULD_NOT_RUN = 3
const MODEL_RUNS_A_MINUTE = 100
/** One in this many model runs has an archive that lies. */
const EVERY_LYING = 4
const MESSAGES_IN_OUTAGE = 2000
const MAX_SEED = 1_000_000_000

const write = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Layer 1: the program in a model world. */
async function runModels(seed: number, runs: number, progress: Progress): Promise<ChaosTotal> {
  let total = NOTHING_YET
  for (let i = 0; i < runs; i++) {
    progress.show(`model run ${i + 1} of ${runs}`)
    await add({ seed: seed + i, disruptions: { ...ALL_DISRUPTIONS, lies: i % EVERY_LYING === 0 } })
  }
  progress.show('model run of a long outage')
  await add({ seed, messagesInOutage: MESSAGES_IN_OUTAGE })
  return total

  async function add(options: ModelRunOptions): Promise<void> {
    const run = await modelRun(options)
    const problems = run.problems.map((problem) => `model, seed ${run.seed}: ${problem}`)
    total = addRuns(total, { ...run, problems })
  }
}

/** Layer 2: the built program as processes. Keeps its stores if a problem was found. */
async function runProcesses(seed: number, seconds: number, progress: Progress): Promise<ChaosTotal> {
  const folder = await mkdtemp(join(tmpdir(), `risk-export-chaos-${seed}-`))
  const log = join(folder, 'run.log')
  const startMs = Date.now()
  let written = writeFile(log, '')
  const say = (line: string): void => {
    const atSeconds = ((Date.now() - startMs) / 1000).toFixed(1)
    progress.show(`${atSeconds} s of ${seconds} s and healing: ${line}`)
    written = written.then(() => appendFile(log, `${atSeconds} ${line}\n`))
  }
  const run = await processRun({
    seed,
    seconds,
    nowMs: () => Date.now(),
    say,
    async onVerified({ problems }, stack, stores) {
      if (problems.length === 0) return
      await mkdir(join(folder, 'state'))
      await writeFile(join(folder, 'problems.txt'), problems.join('\n'))
      await keepEverything(stack, stores, join(folder, 'state'))
    },
  })
  await written
  if (run.problems.length === 0) await rm(folder, { recursive: true })
  else process.stderr.write(`\nLog and state of the run are kept in ${folder}\n`)
  return run
}

async function main(options: ChaosOptions): Promise<number> {
  if (options.help) {
    write(CHAOS_USAGE)
    return 0
  }
  const seed = options.seed ?? Math.floor(Math.random() * MAX_SEED)
  const progress = progressOn(process.stderr)
  const modelRuns = Math.max(1, Math.round(options.minutes * MODEL_RUNS_A_MINUTE))
  const model = await runModels(seed, modelRuns, progress)
  const processes = await runProcesses(seed, options.minutes * 60, progress)
  progress.done()
  const report = { seed, modelRuns: modelRuns + 1, model, processes }
  write(options.json ? reportJson(report) : reportText(report))
  return model.problems.length + processes.problems.length === 0 ? 0 : 1
}

Promise.resolve()
  .then(() => main(chaosOptions(process.argv.slice(2))))
  .then(exitWhenWritten, (error: unknown) => {
    const usage = error instanceof UsageError
    const text =
      error instanceof Error ? (usage ? error.message : (error.stack ?? error.message)) : String(error)
    process.stderr.write(`${text}\n${usage ? `\n${CHAOS_USAGE}\n` : ''}`)
    process.exit(COULD_NOT_RUN)
  })
