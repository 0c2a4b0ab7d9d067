import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'

/** What a script did: what it said, and what it asked the stand-in for the Azure CLI. */
export interface ScriptRun {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** Every call of `az`, as one line of arguments; of `azd`, `gh` and `sleep`, with their names in front. */
  readonly calls: readonly string[]
  /** The stand-in's world afterwards. */
  readonly world: Readonly<Record<string, unknown>>
}

interface Request {
  /** What Azure is to the script: a tenant, or a workspace of Microsoft Sentinel. */
  readonly azure?: 'tenant' | 'workspace'
  readonly world?: object
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

const STAND_INS = resolve('test/infra/fake-az')
let standInPort: number | undefined

/** Of the one stand-in of this process, in a thread of its own: this one waits while a script runs. */
function startStandIn(): number {
  const port = new Int32Array(new SharedArrayBuffer(4))
  new Worker(join(STAND_INS, 'server.mjs'), { workerData: { port } }).unref()
  if (Atomics.wait(port, 0, 0, 30_000) === 'timed-out') throw new Error('The stand-in does not start.')
  return port[0] ?? 0
}

/**
 * Runs a script of `infra/` with the stand-ins first on PATH, one of which takes the place of `sleep`: no script waits.
 */
export function runScript(script: string, args: readonly string[], request: Request = {}): ScriptRun {
  standInPort ??= startStandIn()
  const folder = mkdtempSync(join(tmpdir(), 'risk-export-script-'))
  const worldFile = join(folder, 'world.json')
  const logFile = join(folder, 'calls.log')
  writeFileSync(worldFile, JSON.stringify(request.world ?? {}))
  writeFileSync(logFile, '')
  const run = spawnSync(script.endsWith('.mjs') ? 'node' : 'bash', [script, ...args], {
    encoding: 'utf8',
    input: request.input ?? '',
    timeout: 60_000,
    env: {
      ...process.env,
      PATH: [STAND_INS, process.env.PATH].join(delimiter),
      FAKE_AZ_PORT: String(standInPort),
      FAKE_AZ_KIND: request.azure ?? 'tenant',
      FAKE_AZ_WORLD: worldFile,
      FAKE_AZ_LOG: logFile,
      ...request.env,
    },
  })
  return {
    exitCode: run.status ?? -1,
    stdout: run.stdout,
    stderr: run.stderr,
    calls: readFileSync(logFile, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
    world: JSON.parse(readFileSync(worldFile, 'utf8')),
  }
}
