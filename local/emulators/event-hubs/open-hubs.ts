import { createHub, type Hub } from './hub.ts'
import { createHubFiles } from './hub-files.ts'

/**
 * Source:
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsofteventhub
 */
const hubNamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,254}[A-Za-z0-9])?$/
const maxPartitions = 1024

export interface HubDefinition {
  readonly name: string
  readonly partitions: number
  /** Besides `$Default`, which every hub has. */
  readonly consumerGroups?: readonly string[]
}

/**
 * Opens the hubs, keyed by lower-case name. Throws if a definition or the directory's content
 * cannot be used.
 */
export function openHubs(
  definitions: readonly HubDefinition[],
  directory: string | undefined,
  nowMs: () => number,
): ReadonlyMap<string, Hub> {
  const hubs = new Map<string, Hub>()
  for (const { name, partitions, consumerGroups = [] } of definitions) {
    if (!hubNamePattern.test(name)) throw new Error(`'${name}' is not a valid event hub name`)
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > maxPartitions) {
      throw new Error(
        `Hub '${name}' cannot have ${partitions} partitions: use a whole number from 1 to ${maxPartitions}`,
      )
    }
    const files = directory === undefined ? undefined : createHubFiles(directory, name, partitions)
    hubs.set(name.toLowerCase(), createHub({ name, partitions, consumerGroups, nowMs, files }))
  }
  return hubs
}
