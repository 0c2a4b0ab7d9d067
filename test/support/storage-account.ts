import { BlobServiceClient } from '@azure/storage-blob'
import { type Azurite, type AzuriteAccount, startAzurite } from '../../local/emulators/azurite/azurite.ts'

/** A storage account that no other test has. */
export interface StorageAccount extends AzuriteAccount, Pick<Azurite, 'pause' | 'resume'> {
  /** Deletes its containers: Azurite looks through all blobs of all accounts at every request. */
  stop(): Promise<void>
}

const ACCOUNTS = Array.from({ length: 200 }, (_, n) => `tests${n}`)
let azurite: Promise<Azurite> | undefined
let given = 0

/** The next account of the one Azurite of this process: to start another takes a second. */
export async function storageAccount(): Promise<StorageAccount> {
  azurite ??= startAzurite({ accounts: ACCOUNTS })
  const name = ACCOUNTS[given++]
  if (name === undefined) throw new Error('All storage accounts of the tests are given away.')
  const running = await azurite
  const account = running.account(name)
  const blobs = BlobServiceClient.fromConnectionString(account.connectionString)
  return {
    ...account,
    pause: () => running.pause(),
    resume: () => running.resume(),
    async stop() {
      for await (const container of blobs.listContainers()) await blobs.deleteContainer(container.name)
    },
  }
}
