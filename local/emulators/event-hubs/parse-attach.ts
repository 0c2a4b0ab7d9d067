import type { Sender } from 'rhea'

/** A reader's request when attaching its link. */
export interface ReaderRequest {
  readonly name: string
  readonly selector: string | undefined
  /** Owner level. */
  readonly epoch: number | undefined
  readonly wantsMetrics: boolean
}

const selectorFilter = 'apache.org:selector-filter:string'
const epochProperty = 'com.microsoft:epoch'
const receiverNameProperty = 'com.microsoft:receiver-name'
const metricsCapability = 'com.microsoft:enable-receiver-runtime-metric'

/**
 * Source: https://learn.microsoft.com/azure/event-hubs/event-hubs-amqp-protocol-guide and the
 * official clients.
 */
export function parseReaderAttach(link: Sender): ReaderRequest {
  const filter: unknown = link.source.filter?.[selectorFilter]
  const epoch: unknown = link.properties?.[epochProperty]
  const name: unknown = link.properties?.[receiverNameProperty]
  const capabilities: unknown = link.desired_capabilities
  return {
    name: typeof name === 'string' ? name : link.name,
    selector: textOf(filter),
    epoch: typeof epoch === 'number' ? epoch : undefined,
    wantsMetrics: Array.isArray(capabilities)
      ? capabilities.some((capability) => String(capability) === metricsCapability)
      : capabilities === metricsCapability,
  }
}

/** The address of a link's terminus; empty if it has none. */
export function parseAddress(terminus: { readonly address?: string } | null | undefined): string {
  const address: unknown = terminus?.address
  return typeof address === 'string' ? address : ''
}

/** A string, or the string within a described value. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || !('value' in value)) return undefined
  return typeof value.value === 'string' ? value.value : undefined
}
