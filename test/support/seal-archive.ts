import { LeanContainer } from '../../shared/azure/lean-container.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { blobLogStore } from '../../shared/evidence/blob-log-store.ts'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import { fixedContainerOf, LOG_CONTAINER } from '../../shared/evidence/log-layout.ts'
import { type SealReport, seal } from '../../shared/evidence/seal/seal.ts'
import { sealedArchive } from '../../shared/evidence/seal/sealed-archive.ts'

/**
 * Seals the archive of a storage account as it is.
 * @param pem private key; absent: the log is not signed
 */
export async function sealArchive(connectionString: string, pem: string | undefined): Promise<SealReport> {
  const container = (name: string) => new LeanContainer(connectionString, name)
  const log = container(LOG_CONTAINER)
  const fixed = container(fixedContainerOf(LOG_CONTAINER))
  await Promise.all([log.createIfNotExists(), fixed.createIfNotExists()])
  return seal(
    {
      archive: sealedArchive(container('archive'), systemTime),
      log: blobLogStore({ log, fixed }, systemTime),
      keys: pem === undefined ? undefined : localKeys(pem),
      partitions: async () => [],
      timestamp: undefined,
      onProblem: (problem, cause) => {
        throw new Error(problem, { cause })
      },
      failpoint: () => undefined,
      signal: new AbortController().signal,
    },
    {
      origin: 'archive.example/evidence',
      // The storage's clock has whole seconds: what was written just now is old enough.
      settleMs: -2000,
      lookBackMs: 400 * 86_400_000,
      programVersion: '0.1.0',
    },
  )
}
