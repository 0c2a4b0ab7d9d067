/**
 * The parts of a connection string, `Name=value` separated by semicolons; names are case-sensitive.
 */
const partsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(';').map((part) => {
      const at = part.indexOf('=')
      return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const
    }),
  )

const isBase64 = (text: string): boolean =>
  text !== '' && Buffer.from(text, 'base64').toString('base64') === text

const isHttpUrl = (text: string): boolean => /^https?:\/\/./i.test(text) && URL.canParse(text)

/** Valid as part of an Azure host name. */
const isAccountName = (text = ''): boolean => /^[a-z0-9]{3,24}$/.test(text)

/** Storage services, as connection strings name their endpoints. */
export type StorageService = 'Blob' | 'Queue' | 'Table'

/**
 * Whether the SDKs can reach these services by a storage connection string.
 * https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 */
export function isStorageConnectionString(text: string, services: readonly StorageService[]): boolean {
  if (text.startsWith('UseDevelopmentStorage=true')) return true
  const part = partsOf(text)
  const endpoints = services.map((service) => part.get(`${service}Endpoint`))
  if (endpoints.some((endpoint) => endpoint !== undefined && !isHttpUrl(endpoint))) return false
  const hasAllEndpoints = endpoints.every((endpoint) => endpoint !== undefined)
  if (part.has('SharedAccessSignature')) return part.get('SharedAccessSignature') !== '' && hasAllEndpoints
  return (
    /^https?$/i.test(part.get('DefaultEndpointsProtocol') ?? '') &&
    (part.get('AccountName') ?? '') !== '' &&
    isBase64(part.get('AccountKey') ?? '') &&
    (hasAllEndpoints || (isAccountName(part.get('AccountName')) && (part.get('EndpointSuffix') ?? '') !== ''))
  )
}

/**
 * Whether the SDK can reach a namespace by an Event Hubs connection string.
 * https://learn.microsoft.com/azure/event-hubs/event-hubs-get-connection-string
 */
export function isEventHubsConnectionString(text: string): boolean {
  const part = partsOf(text)
  const hasKey = (part.get('SharedAccessKeyName') ?? '') !== '' && (part.get('SharedAccessKey') ?? '') !== ''
  return (
    /^sb:\/\/[^/\s]+\/?$/i.test(part.get('Endpoint') ?? '') &&
    hasKey !== ((part.get('SharedAccessSignature') ?? '') !== '')
  )
}

/**
 * The hub named in an Event Hubs connection string; the Functions host prefers it to the trigger's.
 */
export const entityPath = (text: string): string | undefined => partsOf(text).get('EntityPath')

/** Whether an Event Hubs connection string names this hub, or none. */
export const mayReachHub = (text: string, hub: string): boolean =>
  (entityPath(text) ?? hub).toLowerCase() === hub.toLowerCase()

/**
 * Whether Application Insights can be reached:
 * https://learn.microsoft.com/azure/azure-monitor/app/connection-strings
 */
export function isInsightsConnectionString(text: string): boolean {
  const part = partsOf(text)
  const endpoint = part.get('IngestionEndpoint')
  return (
    /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(part.get('InstrumentationKey') ?? '') &&
    (endpoint === undefined || isHttpUrl(endpoint))
  )
}

/** The same connection string, naming a hub: a client must not be given another beside it. */
export const withEntityPath = (text: string, hub: string): string =>
  /(?:^|;)\s*EntityPath=/i.test(text) ? text : `${text.replace(/;$/, '')};EntityPath=${hub}`

/** Host of the namespace. */
export const namespaceHost = (text: string): string =>
  /^sb:\/\/([^/:]+)/i.exec(partsOf(text).get('Endpoint') ?? '')?.[1] ?? ''
