import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { HostLogLine } from '../emulators/functions-host/host-log.ts'
import { parseHostJson } from '../emulators/functions-host/parse-host-json.ts'
import { consoleLogLine, isLogged } from '../emulators/functions-host/worker-console.ts'
import { type HostMessage, isHostMessage } from './host-message.ts'
import { checkoutPath } from './package-root.ts'

export interface HostProcess {
  readonly pid: number
  readonly ready: Extract<HostMessage, { kind: 'ready' }>
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<void>
  /** Lets work under way finish, then ends the process. */
  stop(): Promise<void>
  /** SIGKILL, as in a machine failure. */
  kill(): Promise<void>
}

export interface HostProcessOptions {
  readonly environment: Readonly<Record<string, string>>
  /**
   * Called for every line of the host, and for those of the app and its process that host.json lets
   * through.
   */
  readonly onLog: (level: string, line: string) => void
  readonly startTimeoutMs?: number
}

const STOP_TIMEOUT_MS = 20_000

/** Starts the function host as a child process, which ends when this process does. */
export async function startHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const { logLevels } = parseHostJson(await readFile(checkoutPath('host.json'), 'utf8'), options.environment)
  const child = fork(checkoutPath('dist/local/host.js'), {
    env: { PATH: process.env['PATH'] ?? '', TZ: process.env['TZ'] ?? 'UTC', ...options.environment },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches this process only, which then stops the child in an orderly way.
    detached: true,
  })
  const exited = once(child, 'exit').then(() => undefined)
  const log = (line: HostLogLine): void => {
    if (line.category === 'host' || isLogged(line, logLevels)) options.onLog(line.level, line.message)
  }
  logConsole(child, log)
  const ready = await whenReady(child, options, log)
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await exited
    clearTimeout(late)
  }
  return {
    pid: child.pid ?? 0,
    ready,
    exited,
    stop,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** In Azure the host is the worker's parent, and reads what it prints. */
function logConsole({ stdout, stderr }: ChildProcess, log: (line: HostLogLine) => void): void {
  const listen = (stream: Readable | null, name: 'stdout' | 'stderr') => {
    if (stream !== null)
      createInterface({ input: stream }).on('line', (line) => log(consoleLogLine(name, line)))
  }
  listen(stdout, 'stdout')
  listen(stderr, 'stderr')
}

function whenReady(
  child: ChildProcess,
  { startTimeoutMs = 60_000 }: HostProcessOptions,
  log: (line: HostLogLine) => void,
): Promise<Extract<HostMessage, { kind: 'ready' }>> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`Starting the function host: not ready after ${startTimeoutMs} ms.`))
    }, startTimeoutMs)
    child.on('message', (message) => {
      if (!isHostMessage(message)) return
      if (message.kind === 'log') log(message.line)
      else if (message.kind === 'failed') {
        clearTimeout(late)
        reject(new Error(`Starting the function host: ${message.message}`))
      } else {
        clearTimeout(late)
        resolve(message)
      }
    })
    child.once('exit', (code, signal) => {
      clearTimeout(late)
      reject(new Error(`Starting the function host: the process exited (${signal ?? code}).`))
    })
  })
}
