/** The entity that a link's address names. */
export type EntityAddress =
  | { readonly kind: 'claims' }
  | { readonly kind: 'management' }
  | { readonly kind: 'hub'; readonly hub: string; readonly partition?: string | undefined }
  | {
      readonly kind: 'reader'
      readonly hub: string
      readonly consumerGroup: string
      readonly partition: string
    }

const hubPattern = /^([^/]+)(?:\/Partitions\/([^/]+))?$/i
const readerPattern = /^([^/]+)\/ConsumerGroups\/([^/]+)\/Partitions\/([^/]+)$/i

/** The path of an address or token audience: without scheme and host, lower case. */
export function entityPath(address: string): string {
  return address
    .replace(/^[a-z]+:\/\/[^/]+/i, '')
    .replace(/^\/+|\/+$/g, '')
    .toLowerCase()
}

/** Undefined if an Event Hubs namespace has no such entity. */
export function parseEntityAddress(address: string): EntityAddress | undefined {
  const path = entityPath(address)
  if (path === '$cbs') return { kind: 'claims' }
  if (path === '$management') return { kind: 'management' }
  const [, hub, partition] = hubPattern.exec(path) ?? []
  if (hub !== undefined) return { kind: 'hub', hub, partition }
  const [, of, consumerGroup, read] = readerPattern.exec(path) ?? []
  if (of === undefined || consumerGroup === undefined || read === undefined) return undefined
  return { kind: 'reader', hub: of, consumerGroup, partition: read }
}
