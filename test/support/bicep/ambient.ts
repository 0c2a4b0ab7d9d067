import { resourceIdIn } from './functions.ts'
import { Reference, text, type Value } from './value.ts'

const SUBSCRIPTION = '00000000-0000-4000-8000-00000000005b'

/** A resource group as an expression sees it. */
export const groupReference = (group: string): Reference =>
  new Reference(`resource group ${group}`, (name) => {
    const members: Readonly<Record<string, Value>> = {
      name: group,
      id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}`,
    }
    return members[name]
  })

/** Functions that depend on where a template runs. */
export function ambientFunction(name: string, args: readonly Value[], group: string): Value {
  switch (name) {
    case 'subscription':
      return {
        id: `/subscriptions/${SUBSCRIPTION}`,
        subscriptionId: SUBSCRIPTION,
        tenantId: '33333333-3333-4333-8333-333333333333',
      }
    case 'environment':
      return {
        name: 'AzureCloud',
        resourceManager: 'https://management.azure.com/',
        suffixes: { storage: 'core.windows.net' },
      }
    case 'resourceGroup':
      return groupReference(args.length === 0 ? group : text(args.at(-1)))
    case 'resourceId': {
      const [type, ...names] = args
      return resourceIdIn(group)(type, ...names)
    }
    case 'tenant':
      return new Reference('tenant', (member) => (member === 'id' ? '' : undefined))
    default:
      return undefined
  }
}
