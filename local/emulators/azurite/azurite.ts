import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type AzuriteEndpoints, azuriteConnectionString, DEVELOPMENT_ACCOUNT } from './azurite-endpoints.ts'
import { childExit, endChild } from './child-exit.ts'
import { DIE_WITH_PARENT } from './die-with-parent.ts'
import { type FreezeHold, freezeProcess } from './freeze-process.ts'
import { readListeningPorts } from './listening-ports.ts'

/** Where Azurite keeps its data and where it listens. */
export interface AzuriteOptions {
  /** Data folder, created if missing; without it data is kept in memory until `stop`. */
  readonly directory?: string
  /** Fixed ports, for a restart under the same connection string; default: free ones. */
  readonly ports?: { readonly blob: number; readonly queue: number; readonly table: number }
  /**
   * Names of its storage accounts, which have nothing in common but the published key; default: the
   * development account.
   */
  readonly accounts?: readonly string[]
  /** How long the start may take, default 60,000 ms; it is 0.6–0.8 s on a warm disk. */
  readonly startTimeoutMs?: number
}

/** How clients reach a storage account. */
export interface AzuriteAccount extends AzuriteEndpoints {
  /** For all three services. */
  readonly connectionString: string
}

/**
 * A running Azurite on 127.0.0.1: blob, queue and table service in one child process. By itself it
 * is the development account.
 */
export interface Azurite extends AzuriteAccount {
  /** One of its accounts. */
  account(name: string): AzuriteAccount
  readonly pid: number
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<void>
  /**
   * Freezes the process: connections stay open, but nothing is answered. A frozen process still
   * ends with ours.
   */
  pause(): Promise<void>
  /** Ends a pause; requests received meanwhile are answered now. */
  resume(): Promise<void>
  /** Ends the process after it has written its data; idempotent. */
  stop(): Promise<void>
}

/**
 * Azurite's own is five seconds: a process that was busy for so long sends its next request on a
 * connection that is closed.
 */
const KEEP_ALIVE_SECONDS = '600'
const ARGUMENTS = ['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--disableProductStyleUrl']

/**
 * Starts the npm package `azurite` as a child process; resolves when its three services accept
 * connections.
 *
 * The kernel assigns the ports at bind time (port 0), and we read them from Azurite's output, so no
 * other process can take them in between. The child has its own session, so that Ctrl-C in a
 * terminal only reaches us; it ends when its standard input closes, however our process ends,
 * SIGKILL included. `--skipApiVersionCheck`: the storage SDKs use newer API versions than this
 * Azurite knows.
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const child = spawn(process.execPath, commandLine(options), {
    cwd: tmpdir(),
    detached: true,
    env: options.accounts === undefined ? {} : { AZURITE_ACCOUNTS: accountsSetting(options.accounts) },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exited = childExit(child)
  const ports = await readListeningPorts(child, exited, options.startTimeoutMs ?? 60_000)
  letParentEnd(child)
  const pid = child.pid
  if (pid === undefined) throw new Error('Azurite listens but has no process id.')
  const account = (name: string): AzuriteAccount => {
    const endpoints = {
      blobUrl: serviceUrl(ports.blob, name),
      queueUrl: serviceUrl(ports.queue, name),
      tableUrl: serviceUrl(ports.table, name),
    }
    return { ...endpoints, connectionString: azuriteConnectionString(endpoints, name) }
  }
  let hold: FreezeHold | undefined
  const resume = async () => {
    await hold?.release()
    hold = undefined
  }
  return {
    ...account(DEVELOPMENT_ACCOUNT.name),
    account,
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
    `--${service}KeepAliveTimeout`,
    KEEP_ALIVE_SECONDS,
  ])
  const keep = options.directory === undefined ? ['--inMemoryPersistence'] : ['--location', options.directory]
  const main = join(dirname(packageFile), 'dist', 'src', 'azurite.js')
  return ['--import', DIE_WITH_PARENT, main, ...ARGUMENTS, ...listen, ...keep]
}

const accountsSetting = (names: readonly string[]): string =>
  names.map((name) => `${name}:${DEVELOPMENT_ACCOUNT.key}`).join(';')

function serviceUrl(port: number, account: string): string {
  return `http://127.0.0.1:${port}/${account}`
}

/** Lets our process exit despite a forgotten `stop`: the child ends with us anyway. */
function letParentEnd(child: ChildProcess): void {
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref()
  }
}
