import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { createStorage } from '../../local/stack/create-storage.ts'
import { HUB } from '../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { type CliOptions, cli, newFolder } from './cli-under-test.ts'
import { NO_HUB, type Situation, START, settingsFor, situation } from './stored-situation.ts'

let stored: Situation
let empty: StorageAccount
let hub: EventHubEmulator
let folder: string
const options: CliOptions = { nowMs: () => START + 120_000 }

/** An app that has nothing to do: no heartbeat is due within a day. */
const idle = () => ({
  ...settingsFor(empty, hub.connectionString(HUB)),
  HEARTBEAT_SCHEDULE: '0 0 0 1 1 *',
})

const save = (name: string, settings: unknown): Promise<void> =>
  writeFile(join(folder, name), JSON.stringify(settings))

beforeAll(async () => {
  ;[stored, empty, hub, folder] = await Promise.all([
    situation(),
    storageAccount(),
    startEventHubEmulator({ hubs: [{ name: HUB, partitions: 2 }], nowMs: options.nowMs ?? Date.now }),
    newFolder(),
  ])
  await createStorage(empty.connectionString)
  const troubled = settingsFor(stored.azurite, hub.connectionString(HUB))
  await save('contoso.json', idle())
  // As az prints settings.
  await save(
    'fabrikam.json',
    Object.entries(troubled).map(([name, value]) => ({ name, value, slotSetting: false })),
  )
  await save('northwind.json', { EVENT_HUB_NAME: '' })
  await save('unlike.txt', {})
}, 60_000)
afterAll(() => Promise.all([hub.stop(), stored.azurite.stop(), empty.stop()]))

describe('status --all', () => {
  it('shows each deployment in a table, the worst first, and ends with the code of the worst', async () => {
    const { code, stdout, stderr } = await cli(['status', '--all', folder], options)
    expect([code, stderr]).toEqual([3, ''])
    await expect(stdout.replaceAll(folder, 'FOLDER')).toMatchFileSnapshot('../golden/cli/status-all.txt')
  })

  it('gives the same as JSON, with the status of each that could be read', async () => {
    const { stdout } = await cli(['status', '--all', folder, '--json'], options)
    const { deployments } = JSON.parse(stdout)
    const alone = await cli(['status', '--settings', join(folder, 'fabrikam.json'), '--json'], options)
    expect(deployments).toEqual([
      {
        name: 'northwind',
        needsAttention: true,
        failure: expect.stringContaining('ENTRA_TENANT_ID'),
        status: null,
      },
      { name: 'fabrikam', needsAttention: true, failure: null, status: JSON.parse(alone.stdout) },
      { name: 'contoso', needsAttention: false, failure: null, status: expect.anything() },
    ])
  })

  it('ends with 1 where all could be read and one needs a person, and with 0 where all are well', async () => {
    const two = await newFolder()
    await writeFile(join(two, 'contoso.json'), JSON.stringify(idle()))
    expect((await cli(['status', '--all', two], options)).code).toBe(0)
    const troubled = settingsFor(stored.azurite, hub.connectionString(HUB))
    await writeFile(join(two, 'fabrikam.json'), JSON.stringify(troubled))
    expect((await cli(['status', '--all', two], options)).code).toBe(1)
  })

  it('does not wait for one that does not answer', async () => {
    const silent = await newFolder()
    await writeFile(join(silent, 'silent.json'), JSON.stringify(settingsFor(empty, NO_HUB)))
    const limit = () => ({ signal: AbortSignal.abort(), end: () => undefined })
    const { code, stdout } = await cli(['status', '--all', silent], { ...options, limit })
    expect(code).toBe(3)
    expect(stdout).toContain('\nsilent: No answer within 60 seconds.\n')
  })

  it('says what is wrong with the folder, and goes with no other choice of an app', async () => {
    const nothing = await cli(['status', '--all', await newFolder()], options)
    expect(nothing.code).toBe(3)
    expect(nothing.stderr).toContain('holds 0 files of settings (NAME.json); expected 1 to 200.')
    expect((await cli(['status', '--all', join(folder, 'none')], options)).stderr).toContain('not found')
    for (const word of ['--local', '--watch', '--check', '--settings=x'])
      expect((await cli(['status', '--all', folder, word], options)).code).toBe(2)
  })
})
