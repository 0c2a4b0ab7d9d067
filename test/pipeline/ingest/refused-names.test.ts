import { afterAll, beforeAll, expect, it } from 'vitest'
import { readBlob } from '../../../shared/archive/reader.ts'
import { LeanContainer } from '../../../shared/azure/lean-container.ts'
import { unreadableBecause } from '../../../shared/pipeline/redeliver/unreadable.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'

let azurite: StorageAccount
let container: LeanContainer
beforeAll(async () => {
  azurite = await storageAccount()
  container = new LeanContainer(azurite.connectionString, 'archive')
  await container.create()
})
afterAll(() => azurite.stop())

const errorOf = async (from: LeanContainer, blob: string): Promise<unknown> => {
  try {
    for await (const _ of readBlob(from, blob));
  } catch (error) {
    return error
  }
  return undefined
}

it.each([
  '',
  '.',
  '..',
  '../..',
  '/',
  'v1/\ud800',
  '\u0000',
  '%',
  '?',
  '#',
  'a'.repeat(2000),
  'v1/gone.jsonl.gz',
])('a row that points at %j is set aside: the storage answers for this name as it does', async (blob) => {
  expect(unreadableBecause(await errorOf(container, blob))).toMatch(/^is missing$|requested|does not hold/)
})

it('a container that is not there says nothing of a blob', async () => {
  const error = await errorOf(new LeanContainer(azurite.connectionString, 'elsewhere'), 'v1/blob.jsonl.gz')
  expect(error).toBeInstanceOf(Error)
  expect(unreadableBecause(error)).toBeUndefined()
})
