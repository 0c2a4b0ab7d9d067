import type { Azurite } from '../../local/emulators/azurite/azurite.ts'
import type { Environment } from '../../shared/config/setting-problems.ts'

/**
 * Settings of an app on local storage that delivers to one webhook and reads a hub that nobody
 * asks.
 */
export const appSettings = (
  { connectionString }: Pick<Azurite, 'connectionString'>,
  webhookUrl: string,
): Environment => ({
  ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  EVENT_HUB_NAME: 'entra-risk',
  EventHub: 'Endpoint=sb://localhost;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true',
  AzureWebJobsStorage: connectionString,
  ARCHIVE_CONNECTION_STRING: connectionString,
  WEBHOOK_URL: webhookUrl,
  WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true',
  WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
})
