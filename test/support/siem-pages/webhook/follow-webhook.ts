import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { until } from '../../until.ts'
import type { Followed, World } from '../followed.ts'
import { type Members, parseMembers } from '../members.ts'
import { PageSteps } from '../page-steps.ts'
import { runShell } from '../run-shell.ts'

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return String(port)
}

/** Follows the page of webhooks: its receiver in Python; test/integrations runs the one in TypeScript too. */
export async function followWebhook({ authority, hosts, folder }: World): Promise<Followed> {
  const steps = new PageSteps('webhook')
  const secret = await runShell(steps.code('openssl rand', {}), folder, {})
  const { certPem, keyPem } = await authority.issue(hosts)
  const files = { 'cert.pem': certPem, 'key.pem': keyPem, 'receiver.py': steps.block('import base64') }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  steps.block('createHmac')
  const port = await freePort()
  const command = steps.block('receiver.py').replace('whsec_…', secret).replace('8443', port)
  const receiver = spawn('bash', ['-c', `exec env ${command}`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let said = ''
  receiver.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  receiver.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  await until(
    () => said.includes('listening'),
    10_000,
    () => `the receiver listens: ${said}`,
  )
  const detection = steps.block('event.kind ===')
  const events = (): readonly Members[] =>
    printed
      .slice(0, printed.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => parseMembers(line) ?? {})
  return {
    name: 'own',
    steps,
    settings: steps.settings({
      instead: { 'https://…': `https://localhost:${port}/` },
      vault: { 'webhook-secret': secret },
      chosen: { WEBHOOK_FORMAT: 'json', WEBHOOK_FRAMING: 'array' },
    }),
    arrived: () => events().map(({ eventId, kind }) => ({ eventId: String(eventId), kind: String(kind) })),
    problems: () => {
      const found = events().filter((event) => runInNewContext(detection, { event }) === true)
      const isSome = found.length > 0 && found.length < events().length
      return isSome ? [] : [`the first detection finds ${found.length} of ${events().length} events`]
    },
    stop: async () => {
      const ended = once(receiver, 'exit')
      receiver.kill('SIGKILL')
      await ended
    },
  }
}
