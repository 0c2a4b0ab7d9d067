import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runOnce } from '../../local/checks/once/once.ts'
import { bundledFeedPath } from '../../local/stack/feed/bundled-feed.ts'
import type { FeedMessage } from '../../local/stack/feed/feed-message.ts'
import { readFeed } from '../../local/stack/feed/read-feed.ts'
import { readOwnSettings } from '../../local/stack/own-settings.ts'
import { startOptions } from '../../local/stack/start-options.ts'
import { cli } from '../cli/cli-under-test.ts'
import { readLog, sealedNames } from '../support/evidence-world.ts'
import { storageAccount } from '../support/storage-account.ts'

const run = promisify(execFile)
const start = (...args: string[]) =>
  run(process.execPath, ['dist/local/start.js', ...args], { timeout: 90_000 })

/** A run in this process, which starts no Azurite of its own. */
async function runHere(messages: readonly FeedMessage[], ...args: string[]) {
  const options = startOptions(['--once', '--json', ...args])
  const lines: string[] = []
  const code = await runOnce({
    options,
    own: await readOwnSettings(options),
    messages,
    progress: { show: () => undefined, done: () => undefined },
    write: (line) => void lines.push(line),
    nowMs: Date.now,
    storage: storageAccount(),
    stopped: new Promise(() => undefined),
  })
  return { code, lines }
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('npm start -- --once', () => {
  it('sends the bundled feed through the whole pipeline, balances, and keeps what the receivers got', {
    timeout: 90_000,
  }, async () => {
    const { stdout } = await start('--once', '--json', '--keep', folder)
    const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>
    expect(report).toMatchObject({
      balanced: true,
      messages: 29,
      records: 57,
      sinks: { 'log-analytics': { pending: 0, deadLettered: 0 }, webhook: { pending: 0, deadLettered: 0 } },
    })
    expect(report['records']).toBe(
      Number(report['events']) + Number(report['faults']) + Number(report['skipped']),
    )
    expect(report['compared']).toBe(report['events'])
    expect((await readdir(folder)).sort()).toEqual([
      'archive',
      'deadletters',
      'evidence',
      'log-analytics',
      'webhook',
    ])
  })

  it('ends with a sealed archive: every blob is in the log, whose end is signed', async () => {
    const namesIn = async (part: string) =>
      (await readdir(join(folder, part), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(folder, part), join(entry.parentPath, entry.name)).split(sep).join('/'))
    const files = new Map<string, Buffer>()
    for (const name of await namesIn('evidence'))
      files.set(name, await readFile(join(folder, 'evidence', name)))
    const { leaves, newest } = readLog(files)
    expect([...sealedNames(leaves)].sort()).toEqual((await namesIn('archive')).sort())
    expect(newest?.size).toBe(leaves.length)
    expect(newest?.note.signatures).toHaveLength(1)
  })

  it('ends with an archive that verify confirms, and no longer once a blob is gone', async () => {
    const verified = async () => {
      const { code, stdout } = await cli(['verify', '--json', '--dir', folder])
      return { code, ...JSON.parse(stdout) }
    }
    const { code, status, looked } = await verified()
    expect([code, status]).toEqual([0, 'ok'])
    expect(looked).toMatchObject({ unchanged: looked.blobs, records: 57, missing: 0 })
    const archive = join(folder, 'archive')
    const [name = ''] = (await readdir(archive, { recursive: true })).filter((one) => one.endsWith('.gz'))
    const content = await readFile(join(archive, name))
    await rm(join(archive, name))
    const damaged = await verified()
    expect([damaged.code, damaged.findings[0].class]).toEqual([1, 'BLOB_MISSING'])
    await writeFile(join(archive, name), content)
    expect((await verified()).code).toBe(0)
  })

  it('verifies a run with settings of your own: another format, a token, filters', {
    timeout: 90_000,
  }, async () => {
    const settings = join(folder, 'own.json')
    const own = {
      WEBHOOK_FORMAT: 'splunk-hec',
      WEBHOOK_FRAMING: 'ndjson',
      WEBHOOK_TOKEN: 'of-the-collector',
      WEBHOOK_HEADERS: '{"X-Tenant":"contoso"}',
      WEBHOOK_MIN_LEVEL: 'high',
      LOGS_INGESTION_CATEGORIES: 'RiskyServicePrincipals',
      WEBHOOK_URL: 'https://siem.example/not-here',
    }
    await writeFile(settings, JSON.stringify(own))
    const { code, lines } = await runHere(await readFeed(bundledFeedPath()), '--settings', settings)
    const [ignored = '', report = ''] = lines
    expect(code).toBe(0)
    expect(ignored).toBe('Ignored settings: WEBHOOK_URL')
    const { balanced, events, sinks } = JSON.parse(report)
    expect([balanced, events]).toEqual([true, 44])
    for (const name of ['log-analytics', 'webhook']) {
      const { delivered, duplicate, filtered } = sinks[name]
      expect(filtered, name).toBeGreaterThan(0)
      expect(delivered, name).toBeGreaterThan(0)
      expect(delivered + duplicate + filtered, name).toBe(44)
    }
  })

  it.each([
    [{ WEBHOOK_FORMAT: 'ocsf' }, /^--settings: with --once, .* cannot be verified: WEBHOOK_FORMAT\./],
    [{ WEBHOOK_FORMAT: 'splunk-hec' }, /WEBHOOK_TOKEN is not set/],
  ])('says of %j that no run with it can be verified', { timeout: 60_000 }, async (own, says) => {
    const settings = join(folder, 'refused.json')
    await writeFile(settings, JSON.stringify(own))
    await expect(runHere([], '--settings', settings)).rejects.toThrow(says)
  })

  it('says with exit code 2 that it ran out of time', { timeout: 90_000 }, async () => {
    const [message] = await readFeed(bundledFeedPath())
    if (message === undefined) throw new Error('The bundled feed is empty.')
    const slow = Array.from({ length: 20_000 }, () => message)
    expect((await runHere(slow, '--timeout', '1')).code).toBe(2)
  })

  it.each([
    [['--twice'], /twice/],
    [['--settings', 'no-such-file'], /^--settings: the file no-such-file was not found or is not readable\./],
    [['--once', '--keep', '.'], /^--keep: the folder \. is not empty\./],
  ])('refuses %j with exit code 3, and says why', async (args, says) => {
    await expect(start(...args)).rejects.toMatchObject({ code: 3, stderr: expect.stringMatching(says) })
  })

  it('names what in a settings file cannot work, and no secret of it', { timeout: 60_000 }, async () => {
    const settings = join(folder, 'wrong.json')
    await writeFile(settings, JSON.stringify({ DELIVERY_TIMEOUT_MS: 'soon', WEBHOOKS: 'hunter2-hunter2' }))
    const failure = await start('--feed', 'none', '--settings', settings).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /^Invalid settings:\n {2}- WEBHOOKS: .*\n {2}- DELIVERY_TIMEOUT_MS: .*\n$/,
      ),
    })
    expect((failure as { stderr: string }).stderr).not.toMatch(/hunter2|\n +at /)
  })

  it('says so when the port of the page is in use', { timeout: 60_000 }, async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const port = String((taken.address() as AddressInfo).port)
    await expect(start('--feed', 'none', '--port', port)).rejects.toMatchObject({
      code: 3,
      stderr: `Port ${port} is in use. Choose another with --port, or omit --port.\n`,
    })
    taken.close()
  })

  it('balances what is nothing', { timeout: 60_000 }, async () => {
    const { code, lines } = await runHere([])
    expect(code).toBe(0)
    expect(JSON.parse(lines.join(''))).toMatchObject({ messages: 0, records: 0, balanced: true })
  })
})
