import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { loadFunctionApp } from '../../emulators/functions-host/function-app.ts'
import { packageRoot } from '../../stack/package-root.ts'
import { answerTasks } from './answer-tasks.ts'
import { benchMessages, MESSAGES_PER_BATCH } from './bench-batches.ts'
import type { BatchesTask, HandlerReady } from './counts.ts'
import { type Ready, timedBatches } from './timed-batches.ts'

/** The handler in a process of its own, as in the Functions worker. */
async function main(): Promise<void> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  let coldLoadMs = 0
  const start = performance.now()
  const app = await loadFunctionApp({
    appDirectory: packageRoot(dirname(fileURLToPath(import.meta.url))) ?? process.cwd(),
    environment,
    log: (entry) => {
      if (entry.level === 'error' || entry.level === 'warning') process.stderr.write(`${entry.message}\n`)
    },
    onLoaded: () => {
      coldLoadMs = performance.now() - start
    },
  })
  const startedMs = performance.now() - start
  const ready: Ready = (messages, pipeline) => {
    const invoke = app.encodeEventHub('ingest', { messages, partitionId: String(pipeline) })
    return async () => {
      const outcome = await invoke()
      if (!outcome.ok) throw new Error(`The handler failed: ${outcome.error.message}`)
    }
  }
  const handleFirst = ready(benchMessages(0, MESSAGES_PER_BATCH), 0)
  const pauseMs = Number(environment['FIRST_BATCH_AFTER_MS'] ?? 0)
  if (pauseMs > 0) await setTimeout(pauseMs)
  const readyMs = performance.now()
  await handleFirst()
  const firstBatchMs = (pauseMs > 0 ? coldLoadMs : startedMs) + performance.now() - readyMs
  process.send?.({
    kind: 'ready',
    nodeVersion: process.versions.node,
    coldLoadMs,
    firstBatchMs,
  } satisfies HandlerReady)
  answerTasks((task: BatchesTask) => timedBatches(task, ready))
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
