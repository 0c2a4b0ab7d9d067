import type { ContainerClient } from '@azure/storage-blob'
import { isJsonObject, type Json } from '../encoding/json.ts'
import { type ContainerPolicy, policyIn } from '../evidence/verify/container-policy.ts'
import type { GraphClient } from '../graph/graph-client.ts'

/** https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources */
const SEARCH = 'providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01'
const STORAGE_VERSION = '2023-05-01'
const ACCOUNT_NAME = /^[a-z0-9]{3,24}$/
const ACCOUNT_ID =
  /^\/(subscriptions\/[\w-]+\/resourceGroups\/[\w.()-]+\/providers\/Microsoft\.Storage\/storageAccounts\/[a-z0-9]+)$/i

/** Finds an account by its name, which is unique: its address does not tell its resource group. */
async function accountPath(
  client: GraphClient,
  account: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!ACCOUNT_NAME.test(account)) return undefined
  const query = `resources | where type =~ 'microsoft.storage/storageaccounts' and name == '${account}' | project id`
  const answer = await client.request({ method: 'POST', path: SEARCH, body: { query } }, signal)
  const data: Json | undefined = answer.ok && isJsonObject(answer.body) ? answer.body['data'] : undefined
  const [found] = Array.isArray(data) ? (data as readonly Json[]) : []
  const id = isJsonObject(found) ? found['id'] : undefined
  return typeof id === 'string' ? ACCOUNT_ID.exec(id)?.[1] : undefined
}

async function policyOf(
  client: GraphClient,
  account: string,
  container: string,
  signal: AbortSignal,
): Promise<ContainerPolicy | undefined> {
  const path = `${account}/blobServices/default/containers/${container}/immutabilityPolicies/default?api-version=${STORAGE_VERSION}`
  const answer = await client.request({ path }, signal)
  return answer.ok ? policyIn(answer.body) : undefined
}

/**
 * The immutability policies of containers of one account. The account itself tells only whether
 * there is one; whether it is locked, Azure Resource Manager does, to a Reader of the account.
 * Rejects with the SDK's errors if a container cannot be read.
 * @param client of Azure Resource Manager
 */
export async function containerPolicies(
  containers: readonly Pick<ContainerClient, 'accountName' | 'containerName' | 'getProperties'>[],
  client: () => Promise<GraphClient>,
  signal: AbortSignal,
): Promise<readonly ContainerPolicy[]> {
  const policies: ContainerPolicy[] = []
  let account: Promise<string | undefined> | undefined
  for (const one of containers) {
    const { accountName, containerName: container } = one
    const told = await one.getProperties({ abortSignal: signal })
    if (told.hasImmutabilityPolicy !== true && told.isImmutableStorageWithVersioningEnabled !== true) {
      policies.push({ container, state: 'none' })
      continue
    }
    const manager = await client()
    account ??= accountPath(manager, accountName, signal)
    const path = await account
    const policy = path === undefined ? undefined : await policyOf(manager, path, container, signal)
    policies.push(policy ?? { container, state: 'unread' })
  }
  return policies
}
