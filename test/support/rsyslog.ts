import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
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
    await until(() => existsSync(socket), 10_000)
    const connection = createConnection(socket)
    connection.end(lines.map((line) => `${line}\n`).join(''))
    await once(connection, 'close')
    const written = () => (existsSync(out) ? readFileSync(out, 'utf8').trimEnd().split('\n') : [])
    await until(() => written().length === lines.length, 30_000)
    return written().map((line) => JSON.parse(line).cef)
  } finally {
    const ended = once(daemon, 'exit')
    daemon.kill()
    await ended
    rmSync(folder, { recursive: true })
  }
}
