import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SEEDED } from '../../local/emulators/graph/seed-names.ts'
import { LOCAL_OPERATOR_ID } from '../../shared/config/local-connection.ts'
import { AGENT } from '../support/identities-at-risk.ts'
import { envelope, ingestWorld, messageAt } from '../support/ingest-world.ts'
import { scriptedSink } from '../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { responding } from './responding.ts'

const START = Date.UTC(2026, 8, 18)
const world = responding()
let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
  const pipeline = await ingestWorld({
    azurite,
    sinks: [scriptedSink({ name: 'webhook' })],
    startMs: START,
  })
  await pipeline.ingest(AGENT.map((record, i) => messageAt(i, envelope(JSON.stringify(record)), '0', START)))
})
beforeEach(() =>
  world.setEnvironment({
    AzureWebJobsStorage: azurite.connectionString,
    ARCHIVE_CONNECTION_STRING: azurite.connectionString,
  }),
)
afterAll(() => azurite.stop())

const investigate = (...words: string[]) => world.run(['investigate', 'Expense Assistant', ...words])
const line = (text: string, label: string) => text.split('\n').find((one) => one.startsWith(`  ${label} `))

describe('names of owners and sponsors', () => {
  it('are not asked for unless the operator wants them', async () => {
    const { code, stdout } = await investigate()
    expect([code, world.graph.log()]).toEqual([0, []])
    expect(line(stdout, 'Owners')).toContain(`user ${SEEDED.inesVarga}`)
  })

  it('are read from Graph, with the operator’s own sign-in', async () => {
    const { code, stdout, stderr } = await investigate('--names')
    expect([code, stderr]).toEqual([0, ''])
    expect(line(stdout, 'Owners')).toContain(`user Ines Varga (${SEEDED.inesVarga})`)
    expect(line(stdout, 'Sponsors')).toContain(`user Jon Okafor (${SEEDED.jonOkafor})`)
    expect(new Set(world.graph.log().map(({ principalId }) => principalId))).toEqual(
      new Set([LOCAL_OPERATOR_ID]),
    )
  })

  it('are left out where one has left, or where the permission is missing, which is said once', async () => {
    world.graph.tenant.remove('users', SEEDED.jonOkafor)
    const left = await investigate('--names')
    expect(left.stderr).toBe('')
    expect(line(left.stdout, 'Sponsors')).toContain(`user ${SEEDED.jonOkafor}`)
    world.graph.permit(LOCAL_OPERATOR_ID, [])
    const { code, stdout, stderr } = await investigate('--names')
    expect(code).toBe(0)
    expect(stderr.match(/lacks the permission User.ReadBasic.All/g)).toHaveLength(1)
    expect(line(stdout, 'Owners')).toContain(`user ${SEEDED.inesVarga}`)
  })
})
