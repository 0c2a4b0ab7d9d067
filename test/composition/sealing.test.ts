import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { createStorage } from '../../local/stack/create-storage.ts'
import { LeanContainer } from '../../shared/azure/lean-container.ts'
import { createApp } from '../../shared/composition/create-app.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import { noFailpoint } from '../../shared/delivery/failpoint.ts'
import { readLogEnd } from '../../shared/evidence/read-log-end.ts'
import { appSettings } from '../support/app-settings.ts'
import { aBlob, newKeyPem, readLog } from '../support/evidence-world.ts'
import { HUB } from '../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

let azurite: StorageAccount
let hub: EventHubEmulator
beforeAll(async () => {
  ;[azurite, hub] = await Promise.all([
    storageAccount(),
    startEventHubEmulator({ hubs: [{ name: HUB, partitions: 2 }], nowMs: Date.now }),
  ])
  await createStorage(azurite.connectionString)
})
afterAll(() => Promise.all([azurite.stop(), hub.stop()]))

const lines: string[] = []
const appWith = (more: Readonly<Record<string, string>>) =>
  createApp({
    settings: readSettings({
      ...appSettings(azurite, 'https://localhost:9/hooks'),
      EVENT_HUB_NAME: HUB,
      EventHub: hub.connectionString(HUB),
      EVIDENCE_SETTLE_SECONDS: '0',
      ...more,
    }),
    log: () => undefined,
    time: systemTime,
    newId: () => 'token',
    failpoint: noFailpoint,
  })
const log = (_: string, line: string): void => void lines.push(line)
const containerOf = (name: string) => new LeanContainer(azurite.connectionString, name)
const containers = (name: string) => ({
  log: containerOf(name),
  fixed: containerOf(`${name}-fixed`),
})
const filesOf = async (name: string) => {
  const files = new Map<string, Buffer>()
  for (const container of Object.values(containers(name)))
    for await (const blob of container.listBlobsFlat())
      files.set(blob.name, await container.getBlockBlobClient(blob.name).downloadToBuffer())
  return files
}

describe('the app', () => {
  it('seals the archive, tells the heartbeat where the log ends, and says what it did', async () => {
    const { name, content } = aBlob(1)
    await containerOf('archive').getBlockBlobClient(name).upload(content, content.byteLength)
    // The storage tells times in whole seconds.
    await systemTime.sleep(1100)
    const app = appWith({ EVIDENCE_LOCAL_KEY: newKeyPem() })
    await app.seal(log)
    const { leaves, newest } = readLog(await filesOf('evidence'))
    expect(leaves.map(({ type }) => type)).toEqual(['key', 'archive', 'partition', 'partition', 'seal'])
    expect(newest?.origin).toBe(
      `${new URL(azurite.blobUrl).host}${new URL(azurite.blobUrl).pathname.replace(/\/$/, '')}/evidence`,
    )
    expect(lines).toContain('Sealed the archive: blobs=1 commits=1 size=5.')

    await app.heartbeat(undefined)
    const [beat] = [...hub.messages(HUB)].map(
      ({ body }) => JSON.parse(String(body)).records[0].properties.health,
    )
    expect(beat).toMatchObject({
      evidenceOrigin: newest?.origin,
      evidenceSize: 5,
      evidenceRoot: newest?.root.toString('base64'),
    })
  })

  it('does not seal when the settings say so', async () => {
    const before = await filesOf('evidence')
    await appWith({ EVIDENCE_SEAL: 'false' }).seal(log)
    expect(await filesOf('evidence')).toEqual(before)
  })

  it('reports why it could not', async () => {
    await expect(appWith({ EVIDENCE_LOCAL_KEY: newKeyPem() }).seal(log)).rejects.toMatchObject({
      code: 'keyLost',
    })
    expect(lines.at(-1)).toContain('Adding archive blobs to the log failed')
    expect(lines.at(-1)).toContain('EvidenceError')
  })
})

describe('the end of a log', () => {
  it('counts only if the container that nobody may overwrite has the same', async () => {
    const both = containers('evidence')
    expect((await readLogEnd(both))?.size).toBe(5)
    const checkpoint = both.log.getBlockBlobClient('checkpoint')
    const genuine = await checkpoint.downloadToBuffer()
    const forged = Buffer.from(genuine.toString().replace('\n5\n', '\n6\n'))
    await checkpoint.upload(forged, forged.byteLength)
    expect(await readLogEnd(both)).toBeUndefined()
    await checkpoint.delete()
    expect(await readLogEnd(both)).toBeUndefined()
  })
})
