import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

const DAEMON = '/usr/sbin/rsyslogd'
const MODULES = ['/usr/lib/x86_64-linux-gnu/rsyslog', '/usr/lib/aarch64-linux-gnu/rsyslog']

/** Debian's package `rsyslog` brings both. */
export const hasRsyslog = existsSync(DAEMON) && MODULES.some((at) => existsSync(join(at, 'mmnormalize.so')))

/** What rsyslog reads in lines of the Common Event Format. */
export interface RsyslogCef {
  readonly SignatureID: string
  readonly Name: string
  readonly Severity: string
  readonly Extensions: Readonly<Record<string, string>>
}

const configuration = (folder: string): string => `
global(workDirectory="${folder}" maxMessageSize="1m")
module(load="imptcp")
module(load="mmnormalize")
template(name="json" type="string" string="%$!%\\n")
input(type="imptcp" path="${folder}/socket" ruleset="cef")
ruleset(name="cef") {
  action(type="mmnormalize" rulebase="${folder}/rules" userawmsg="on")
  action(type="omfile" file="${folder}/out" template="json")
}
`

/** A connection, once somebody listens: a socket is there before that. */
async function connected(path: string): Promise<Socket> {
  let connection: Socket | undefined
  await until(async () => {
    if (!existsSync(path)) return false
    const tried = createConnection(path)
    return once(tried, 'connect').then(
      () => {
        connection = tried
        return true
      },
      () => false,
    )
  }, 10_000)
  if (connection === undefined) throw new Error('rsyslog does not listen')
  return connection
}

/** Starts rsyslog, sends it these lines, and returns what its own parser of CEF makes of them. */
export async function byRsyslog(lines: readonly string[]): Promise<readonly RsyslogCef[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rsyslog-'))
  const [config, out, socket] = ['config', 'out', 'socket'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(config, configuration(folder))
  writeFileSync(join(folder, 'rules'), 'version=2\nrule=:%cef:cef%\n')
  const daemon = spawn(DAEMON, ['-n', '-f', config, '-i', join(folder, 'pid')], { stdio: 'ignore' })
  try {
    const connection = await connected(socket)
    connection.end(lines.map((line) => `${line}\n`).join(''))
    await once(connection, 'close')
    /** Whole lines. */
    const written = () => (existsSync(out) ? readFileSync(out, 'utf8').split('\n').slice(0, -1) : [])
    await until(() => written().length === lines.length, 30_000)
    return written().map((line) => JSON.parse(line).cef)
  } finally {
    const ended = once(daemon, 'exit')
    daemon.kill()
    await ended
    rmSync(folder, { recursive: true })
  }
}
