/**
 * What Azure answers of a resource that is there, as far as our templates ask. By type, then path
 * below `properties`.
 */
const KNOWN: Readonly<Record<string, Readonly<Record<string, (name: string) => string>>>> = {
  'Microsoft.EventHub/namespaces': {
    serviceBusEndpoint: (name) => `https://${name}.servicebus.windows.net:443/`,
  },
  'Microsoft.Insights/components': {
    ConnectionString: (name) => `InstrumentationKey=00000000-0000-4000-8000-000000000001;Name=${name}`,
  },
  'Microsoft.Insights/dataCollectionEndpoints': {
    'logsIngestion.endpoint': (name) => `https://${name}.westeurope-1.ingest.monitor.azure.com`,
  },
  'Microsoft.Insights/dataCollectionRules': {
    immutableId: () => `dcr-${'0123456789abcdef'.repeat(2)}`,
    'endpoints.logsIngestion': (name) => `https://${name}.westeurope-1.ingest.monitor.azure.com`,
  },
  'Microsoft.KeyVault/vaults': {
    vaultUri: (name) => `https://${name}.vault.azure.net/`,
  },
  'Microsoft.ManagedIdentity/userAssignedIdentities': {
    clientId: () => '11111111-1111-4111-8111-111111111111',
    principalId: (name) =>
      name.endsWith('-deploy')
        ? '44444444-4444-4444-8444-444444444444'
        : '22222222-2222-4222-8222-222222222222',
  },
  'Microsoft.Storage/storageAccounts': {
    'primaryEndpoints.blob': (name) => `https://${name}.blob.core.windows.net/`,
    'primaryEndpoints.queue': (name) => `https://${name}.queue.core.windows.net/`,
    'primaryEndpoints.table': (name) => `https://${name}.table.core.windows.net/`,
  },
  'Microsoft.Web/sites': {
    defaultHostName: (name) => `${name}.azurewebsites.net`,
  },
}

/** The value Azure gives to this property of the resource; `undefined` when there is none. */
export function runtimeValue(id: string, path: string): string | undefined {
  const [, type = '', name = ''] = /\/providers\/(.+)\/([^/]+)$/.exec(id) ?? []
  return KNOWN[type]?.[path]?.(name)
}
