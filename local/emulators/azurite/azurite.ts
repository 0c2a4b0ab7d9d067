import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type AzuriteEndpoints, azuriteConnectionString } from './azurite-endpoints.ts'
import { childExit, endChild } from './child-exit.ts'
import { DIE_WITH_PARENT } from './die-with-parent.ts'
import { type FreezeHold, freezeProcess } from './freeze-process.ts'
import { readListeningPorts } from './listening-ports.ts'

/** Where Azurite keeps its data and where it listens. */
export interface AzuriteOptions {
  /**
   * Folder to keep the data in, made if missing; without it everything is in memory and gone after
   * `stop`.
   */
  readonly directory?: string
  /**
   * Fixed ports, for a restart under the same connection string; without them the system picks free
   * ones.
   */
  readonly ports?: { readonly blob: number; readonly queue: number; readonly table: number }
  /** How long the start may take, default 60,000 ms; it is 0.6–0.8 s on a warm disk. */
  readonly startTimeoutMs?: number
}

/** A running Azurite on 127.0.0.1: blob, queue and table service in one child process. */
export interface Azurite extends AzuriteEndpoints {
  /** Connection string of the well-known development account, for all three services. */
  readonly connectionString: string
  readonly pid: number
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<void>
  /**
   * Freezes the process: connections stay open and nothing is answered. It also dies with us while
   * frozen.
   */
  pause(): Promise<void>
  /** Ends a pause; whatever was asked in between is answered now. */
  resume(): Promise<void>
  /** Ends the process, letting it write its data first; idempotent. */
  stop(): Promise<void>
}

const ARGUMENTS = ['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--disableProductStyleUrl']

/**
 * Starts the npm package `azurite` as a child process and resolves when its three services accept
 * connections.
 *
 * The ports are chosen by the kernel at bind time (port 0) and read back from what Azurite says, so
 * no other process can take them in between. The child is in a session of its own, so that Ctrl-C
 * in a terminal reaches only us, and it ends when its standard input closes: on every way in which
 * this process can end, SIGKILL included. `--skipApiVersionCheck`: the storage SDKs speak newer API
 * versions than this Azurite knows.
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const child = spawn(process.execPath, commandLine(options), {
    cwd: tmpdir(),
    detached: true,
    env: {},
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exited = childExit(child)
  const ports = await readListeningPorts(child, exited, options.startTimeoutMs ?? 60_000)
  letParentEnd(child)
  const pid = child.pid
  if (pid === undefined) throw new Error('Azurite listens but has no process id.')
  const endpoints = {
    blobUrl: serviceUrl(ports.blob),
    queueUrl: serviceUrl(ports.queue),
    tableUrl: serviceUrl(ports.table),
  }
  let hold: FreezeHold | undefined
  const resume = async () => {
    await hold?.release()
    hold = undefined
  }
  return {
    ...endpoints,
    connectionString: azuriteConnectionString(endpoints),
    pid,
    exited,
    pause: async () => {
      hold ??= await freezeProcess(pid)
    },
    resume,
    stop: async () => {
      await resume()
      await endChild(child, exited)
    },
  }
}

function commandLine(options: AzuriteOptions): readonly string[] {
  const packageFile = createRequire(import.meta.url).resolve('azurite/package.json')
  const listen = (['blob', 'queue', 'table'] as const).flatMap((service) => [
    `--${service}Host`,
    '127.0.0.1',
    `--${service}Port`,
    String(options.ports?.[service] ?? 0),
  ])
  const keep = options.directory === undefined ? ['--inMemoryPersistence'] : ['--location', options.directory]
  const main = join(dirname(packageFile), 'dist', 'src', 'azurite.js')
  return ['--import', DIE_WITH_PARENT, main, ...ARGUMENTS, ...listen, ...keep]
}

function serviceUrl(port: number): string {
  return `http://127.0.0.1:${port}/devstoreaccount1`
}

/** A forgotten `stop` must not keep our own process alive: the child ends with us anyway. */
function letParentEnd(child: ChildProcess): void {
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref()
  }
}
