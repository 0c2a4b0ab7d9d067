import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { availableParallelism, tmpdir, userInfo } from 'node:os'
import { createInterface } from 'node:readline'
import { parentPort, Worker } from 'node:worker_threads'
import { systemTime } from '../shared/composition/system-time.ts'
import {
  CHECKS_BLOBS,
  isBlobThread,
  serveBlobChecks,
  type Threads,
} from '../shared/evidence/verify/blob-threads.ts'
import type { Output } from './command-context.ts'
import { run } from './run.ts'

const outputOf = (stream: NodeJS.WriteStream): Output => ({
  isTerminal: stream.isTTY,
  // Read each time: the window may be resized.
  get columns() {
    return stream.isTTY ? stream.columns : undefined
  },
  write: (text) => {
    stream.write(text)
  },
  taken: async () => {
    if (stream.writableNeedDrain) await once(stream, 'drain')
  },
})

/** Signal 0 only asks whether the process exists. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // Containers run under ids without an account.
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

function interruption(): AbortSignal {
  const controller = new AbortController()
  // Once, so that a second Ctrl-C ends the process.
  process.once('SIGINT', () => controller.abort())
  process.once('SIGTERM', () => controller.abort())
  return controller.signal
}

/** Only an explicit yes counts as one. */
function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  return new Promise((resolve) => {
    const unanswered = (): void => {
      process.stderr.write('\n')
      resolve(false)
    }
    // Ctrl-C and Ctrl-D close it without an answer.
    terminal.once('close', unanswered)
    terminal.question(question, (answer) => {
      terminal.off('close', unanswered)
      resolve(/^y(es)?$/i.test(answer.trim()))
      terminal.close()
    })
  })
}

/** Loads this same file, which is all that is installed. */
const threads: Threads = {
  count: availableParallelism(),
  start: () => new Worker(new URL(import.meta.url), { workerData: CHECKS_BLOBS }),
}

async function main(): Promise<void> {
  // A reader that stops early, like `head`, is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 3)
  })

  const code = await run(process.argv.slice(2), {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    env: process.env,
    user: userName(),
    userId: process.getuid?.(),
    temporaryFolder: tmpdir(),
    isAlive,
    time: systemTime,
    newId: randomUUID,
    setVariables: (variables) => {
      for (const [name, value] of Object.entries(variables))
        if (value !== undefined) process.env[name] = value
    },
    confirm: process.stdin.isTTY && process.stderr.isTTY ? confirm : undefined,
    interruption,
    threads,
  })
  // Clients may keep connections open; once all output is written, nothing waits for them.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}

if (parentPort !== null && isBlobThread()) serveBlobChecks(parentPort)
else await main()
