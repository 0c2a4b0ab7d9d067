import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { StackState } from '../../local/console/stack-state.ts'
import { startSiemReceiver } from '../../local/emulators/siem/siem-receiver.ts'
import { createLocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { until } from '../support/until.ts'

it('npm start -- --webhook delivers to a receiver of one’s own, signed by the secret that one gives', {
  timeout: 90_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'own-receiver-'))
  const authority = await createLocalAuthority()
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const nowMs = () => Date.now()
  const receiver = await startSiemReceiver({ authority, secrets: [secret], format: 'cloudevents', nowMs })
  const [ca, settings] = [join(folder, 'ca.pem'), join(folder, 'own.json')]
  await writeFile(ca, authority.caPem)
  await writeFile(settings, JSON.stringify({ Values: { WEBHOOK_SECRET: secret } }))
  const options = ['--webhook', receiver.url, '--ca', ca, '--settings', settings]
  const stack = spawn(process.execPath, ['dist/local/start.js', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  stack.stdout.on('data', (text: Buffer) => {
    printed += text.toString()
  })
  onTestFinished(async () => {
    if (stack.exitCode === null) stack.kill('SIGKILL')
    await receiver.stop()
    await rm(folder, { recursive: true, force: true })
  })
  await until(() => printed.includes('Ctrl-C ends it'), 60_000)
  const page = /(http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(printed)?.[1] ?? ''
  const webhook = async () =>
    ((await (await fetch(`${page}state`)).json()) as StackState).sinks.find(({ name }) => name === 'webhook')
  await until(
    async () => receiver.received() >= 38 && (await webhook())?.delivered === receiver.received(),
    30_000,
  )
  expect(receiver.refusals()).toEqual([])
  expect(await webhook()).not.toHaveProperty('behaviour')
  expect(printed, 'the secret is known already').not.toContain('whsec_')
  const ended = once(stack, 'exit')
  stack.kill('SIGINT')
  expect(await ended).toEqual([0, null])
})
