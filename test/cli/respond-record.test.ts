import { afterAll, beforeAll, expect, it } from 'vitest'
import { SEEDED } from '../../local/emulators/graph/seed-names.ts'
import { blobsBetween } from '../../shared/archive/list-blobs.ts'
import { readBlob } from '../../shared/archive/reader.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { HUB, ingestWorld, messageAt } from '../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { responding } from './responding.ts'

const START = Date.UTC(2026, 2, 1, 10)
const world = responding()
let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
})
afterAll(() => azurite.stop())

it('the archive keeps the record of a response byte for byte, as of an operator', async () => {
  const said = await world.respond(['remove-credential', SEEDED.payrollApi.addedKeyId, 'payroll-api'])
  expect(said).toMatchObject({ code: 0, stderr: '' })
  const bodies = [...world.hub.messages(HUB)].map((message) => String(message.body))
  expect(bodies).toHaveLength(1)
  const [body = ''] = bodies
  const app = await ingestWorld({ azurite, sinks: [], startMs: START })
  await app.ingest([messageAt(1, body)])
  const lines = []
  for await (const { name } of blobsBetween(
    app.archive,
    instant(START - 3_600_000),
    instant(START + 3_600_000),
  ))
    for await (const line of readBlob(app.archive, name)) lines.push(line)
  expect(lines).toMatchObject([
    {
      kind: 'event',
      origin: 'operator',
      event: {
        kind: 'responseAction',
        identity: { id: SEEDED.payrollApi.id, displayName: 'payroll-api' },
        response: {
          action: 'remove-credential',
          result: 'done',
          credential: { keyId: SEEDED.payrollApi.addedKeyId, on: 'servicePrincipal' },
        },
      },
    },
  ])
  const [record] = lines.map((line) => ('record' in line ? String(line.record) : ''))
  expect(`{"records":[${record}]}`).toBe(body)
})
