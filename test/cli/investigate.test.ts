import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SEEDED } from '../../local/emulators/graph/seed-names.ts'
import { AGENT, DELETED, LEAKED, WITHOUT_CONTEXT } from '../support/identities-at-risk.ts'
import { envelope, type IngestWorld, ingestWorld, messageAt } from '../support/ingest-world.ts'
import { scriptedSink } from '../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { type CliOptions, cli, newFolder } from './cli-under-test.ts'
import { NO_HUB, settingsFor } from './stored-situation.ts'

const START = Date.UTC(2026, 8, 18)
const EVIL = 'x"; drop <b>\u001b[2J|\n# evil'

const CASES = [
  ['leaked-credential', LEAKED, SEEDED.buildPipeline.id],
  ['agent', AGENT, 'Expense Assistant'],
  ['deleted', DELETED, SEEDED.mailArchiver.appId],
  ['without-context', WITHOUT_CONTEXT, 'WAREHOUSE-SYNC'],
] as const

let azurite: StorageAccount
let world: IngestWorld
let options: CliOptions
let folder: string
beforeAll(async () => {
  azurite = await storageAccount()
  world = await ingestWorld({ azurite, sinks: [scriptedSink({ name: 'webhook' })], startMs: START })
  folder = await newFolder()
  options = { env: settingsFor(azurite, NO_HUB), nowMs: () => world.time.now() }
  const named = (id: string, displayName: string) => ({
    category: 'RiskyServicePrincipals',
    tenantId: '11111111-2222-4333-8444-555555555555',
    properties: {
      id,
      displayName,
      riskLastUpdatedDateTime: '2026-09-10T00:00:00Z',
      riskState: 'atRisk',
      riskLevel: 'low',
    },
  })
  const others = [named('twin-1', 'twin'), named('twin-2', 'Twin'), named('evil-1', EVIL)]
  const records = [...CASES.flatMap(([, of]) => of), ...others]
  // Each in a message of its own, the last first, and one twice: order and copies do not matter.
  const messages = [...records.toReversed(), ...LEAKED.slice(0, 2)].map((record, i) =>
    messageAt(i, envelope(JSON.stringify(record)), '0', START - 3_600_000),
  )
  await world.ingest(messages)
})
afterAll(() => azurite.stop())

const investigate = (...words: string[]) => cli(['investigate', ...words], options)
const withoutBlobs = (text: string) => text.replace(/"blobs":\d+/, '"blobs":0')

describe('investigate', () => {
  it.each(CASES)('%s: a screen, a page and a document', async (name, _, wanted) => {
    const path = join(folder, `${name}.html`)
    const screen = await investigate(wanted, '--html', path)
    expect([screen.code, screen.stderr]).toEqual([0, `Written to ${path}.\n`])
    await expect(screen.stdout).toMatchFileSnapshot(`../golden/cli/investigate-${name}.txt`)
    await expect(await readFile(path, 'utf8')).toMatchFileSnapshot(`../golden/cli/investigate-${name}.html`)
    const { code, stdout } = await investigate(wanted, '--json')
    expect(code).toBe(0)
    await expect(withoutBlobs(stdout)).toMatchFileSnapshot(`../golden/cli/investigate-${name}.json`)
  })

  it('shows an activity days before its detection at its own time', async () => {
    const { stdout } = await investigate(SEEDED.buildPipeline.appId)
    const lines = stdout.split('\n')
    const activity = lines.findIndex((line) => line.includes('2026-09-03 22:14:05  Activity: Suspicious'))
    const detected = lines.findIndex((line) => line.includes('2026-09-05 10:00:00  Detected: Suspicious'))
    expect(activity).toBeGreaterThan(0)
    expect(detected).toBeGreaterThan(activity)
    expect(lines[detected]).toContain('1 d after the activity')
  })

  it('is written for its owner alone', async () => {
    const path = join(folder, 'mode.html')
    await investigate(SEEDED.buildPipeline.id, '--html', path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('says where a page cannot be written, and prints nothing', async () => {
    const { code, stdout, stderr } = await investigate('twin-1', '--html', join(folder, 'none', 'page.html'))
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('ENOENT')
  })

  it('prints the queries alone, all of them or one', async () => {
    const all = await investigate(SEEDED.buildPipeline.id, '--kql')
    expect(all.stdout.match(/^\/\/ [\w.]+: /gm)).toHaveLength(14)
    expect(all.stdout).not.toContain('{{')
    const { stdout } = await investigate(SEEDED.buildPipeline.id, '--kql', 'signin.timeline')
    expect(stdout.split('\n').slice(1, 4)).toEqual([
      `let spId = "${SEEDED.buildPipeline.id}";`,
      `let keyIds = pack_array("${SEEDED.buildPipeline.leakedKeyId}");`,
      'let t0 = datetime(2026-09-03T22:14:05.000Z);',
    ])
  })

  it('lists the candidates where a name is that of several', async () => {
    const { code, stdout } = await investigate('twin')
    expect(code).toBe(1)
    expect(stdout).toContain('2 identities fit "twin". Use an object id:')
    expect(stdout).toMatch(/twin +twin-1 [\s\S]*Twin +twin-2 |Twin +twin-2 [\s\S]*twin +twin-1 /)
    expect((await investigate('twin-2')).code).toBe(0)
    const { candidates } = JSON.parse((await investigate('twin', '--json')).stdout)
    expect(candidates.map((one: { identity: { id: string } }) => one.identity.id).sort()).toEqual([
      'twin-1',
      'twin-2',
    ])
  })

  it('asks whether one of a similar name was meant', async () => {
    const { code, stdout } = await investigate('pipeline')
    expect(code).toBe(1)
    expect(stdout).toContain('Did you mean one of these?')
    expect(stdout).toContain(SEEDED.buildPipeline.id)
    const none = await investigate('zzz', '--since', '1h')
    expect(none.code).toBe(1)
    expect(none.stdout).toContain('Use --since for a longer time range, or risk-export report risky')
  })

  it('obeys no name', async () => {
    const path = join(folder, 'evil.html')
    const { stdout } = await investigate('evil-1', '--html', path)
    expect(stdout).not.toContain('\u001b')
    const page = await readFile(path, 'utf8')
    expect(page).not.toContain('\u001b')
    expect(page).toContain('x&quot;; drop &lt;b&gt;⟨U+001B⟩[2J|')
  })

  it.each([
    [[], 'Expected one IDENTITY.'],
    [['a', 'b'], 'Expected one IDENTITY.'],
    [['a', '--kql', 'nothing'], '--kql: expected one of all, signin.timeline'],
    [['a', '--kql', 'all', '--json'], '--kql prints queries only'],
    [['a', '--device-code'], '--device-code belongs to --names.'],
    [['a', '--since', 'tomorrow'], '--since: expected a valid time'],
  ])('does not run as investigate %j', async (words, problem) => {
    const { code, stderr, stdout } = await investigate(...words)
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(problem)])
  })
})
