import type { ArchiveAccount } from '../config/archive-account.ts'
import type { Time } from '../domain/time.ts'
import { fixedContainerOf } from '../evidence/log-layout.ts'
import { containerCopy } from '../evidence/verify/container-copy.ts'
import type { EvidenceCopy } from '../evidence/verify/evidence-copy.ts'
import { containerPolicies } from './container-policies.ts'
import { graphClientFor } from './graph-access.ts'
import { type CredentialKind, credentialOf } from './operator-credential.ts'
import { blobContainers, storageHttp } from './storage-http.ts'

/** Archive and log in an account of which nothing is known but its endpoint. */
export async function accountCopy(
  { access, log, resourceManagerEndpoint }: ArchiveAccount,
  kind: CredentialKind,
  time: Time,
): Promise<EvidenceCopy> {
  const { storageOptions } = storageHttp(time)
  const credential = credentialOf(kind, undefined)
  const container = blobContainers(credential, storageOptions)
  const archive = await container('archive', access)
  const fixed = await container(fixedContainerOf(log), access)
  const manager = () => graphClientFor(resourceManagerEndpoint, { credential }, time)
  return {
    ...containerCopy(archive, { log: await container(log, access), fixed }, time),
    policies: (signal) => containerPolicies([archive, fixed], manager, signal),
  }
}
