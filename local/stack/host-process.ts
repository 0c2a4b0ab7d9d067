import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { checkoutPath } from '../package-root.ts'
import { type HostNews, isHostNews } from './parse-host-news.ts'

export interface HostProcess {
  readonly pid: number
  readonly ready: Extract<HostNews, { kind: 'ready' }>
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<void>
  /** Lets what is under way finish, then ends the process. */
  stop(): Promise<void>
  /** SIGKILL: as a machine dies. */
  kill(): Promise<void>
}

export interface HostProcessOptions {
  readonly environment: Readonly<Record<string, string>>
  /** Told of every line that the app or the host logs. */
  readonly onLog: (level: string, line: string) => void
  readonly startTimeoutMs?: number
}

const STOP_TIMEOUT_MS = 20_000

/** Starts the function host as a process of its own, which ends when this one does. */
export async function startHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const child = fork(checkoutPath('dist/local/host.js'), {
    env: { PATH: process.env['PATH'] ?? '', TZ: process.env['TZ'] ?? 'UTC', ...options.environment },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl-C reaches this process alone, which then stops the child in good order.
    detached: true,
  })
  const exited = once(child, 'exit').then(() => undefined)
  const ready = await whenReady(child, options)
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

function whenReady(
  child: ChildProcess,
  { onLog, startTimeoutMs = 60_000 }: HostProcessOptions,
): Promise<Extract<HostNews, { kind: 'ready' }>> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`Starting the function host: not ready after ${startTimeoutMs} ms.`))
    }, startTimeoutMs)
    child.on('message', (news) => {
      if (!isHostNews(news)) return
      if (news.kind === 'log') onLog(news.level, news.line)
      else if (news.kind === 'failed') {
        clearTimeout(late)
        reject(new Error(`Starting the function host: ${news.message}`))
      } else {
        clearTimeout(late)
        resolve(news)
      }
    })
    child.once('exit', (code, signal) => {
      clearTimeout(late)
      reject(new Error(`Starting the function host: the process ended (${signal ?? code}).`))
    })
  })
}
