import type { ArchiveAccount } from '../config/archive-account.ts'
import type { Time } from '../domain/time.ts'
import { fixedContainerOf } from '../evidence/log-layout.ts'
import { containerCopy } from '../evidence/verify/container-copy.ts'
import type { EvidenceCopy } from '../evidence/verify/evidence-copy.ts'
import { type CredentialKind, credentialOf } from './operator-credential.ts'
import { blobContainers, storageHttp } from './storage-http.ts'

/** Archive and log in an account of which nothing is known but its endpoint. */
export async function accountCopy(
  { access, log }: ArchiveAccount,
  credential: CredentialKind,
  time: Pick<Time, 'now' | 'limit' | 'monotonicMs'>,
): Promise<EvidenceCopy> {
  const { storageOptions } = storageHttp(time)
  const container = blobContainers(credentialOf(credential, undefined), storageOptions)
  return containerCopy(
    await container('archive', access),
    { log: await container(log, access), fixed: await container(fixedContainerOf(log), access) },
    time,
  )
}
