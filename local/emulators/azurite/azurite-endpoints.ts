/** Base addresses of an account's services, account name included. */
export interface AzuriteEndpoints {
  readonly blobUrl: string
  readonly queueUrl: string
  readonly tableUrl: string
}

/**
 * The well-known development account of every storage emulator; published, so not a secret. Source:
 * https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key
 */
export const DEVELOPMENT_ACCOUNT = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
} as const

/** The connection string that reaches all three services of an account with the published key. */
export function azuriteConnectionString(endpoints: AzuriteEndpoints, account: string): string {
  const parts = [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${DEVELOPMENT_ACCOUNT.key}`,
    `BlobEndpoint=${endpoints.blobUrl}`,
    `QueueEndpoint=${endpoints.queueUrl}`,
    `TableEndpoint=${endpoints.tableUrl}`,
  ]
  return `${parts.join(';')};`
}
