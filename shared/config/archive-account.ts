import * as z from 'zod/mini'
import { EVIDENCE_SETTINGS } from './evidence-settings.ts'
import type { Environment, StorageAccess } from './parse-settings.ts'
import { serviceUrl } from './setting-forms.ts'

/** The account of an archive, known by its blob endpoint alone. */
export interface ArchiveAccount {
  readonly access: StorageAccess<{ readonly uri: string }>
  /** Container of the log. */
  readonly log: string
}

/**
 * The key of every storage emulator; published, so not a secret. Source:
 * https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key
 */
const EMULATOR_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

/** Azurite on this machine, where the name of the account is the path. */
const EMULATOR = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?\/([a-z0-9]{3,24})\/?$/

/** What is wrong, as text. */
interface Refused {
  readonly problem: string
}

const refused = ({ issues }: z.core.$ZodError): Refused => ({
  problem: issues.map(({ message }) => message).join('; '),
})

function accessTo(url: string): ArchiveAccount['access'] | Refused {
  const account = EMULATOR.exec(url)?.[1]
  if (account !== undefined && URL.canParse(url)) {
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${EMULATOR_KEY};BlobEndpoint=${url.replace(/\/$/, '')};`
    return { by: 'connectionString', connectionString }
  }
  const { success, error } = z.safeParse(serviceUrl, url)
  return success ? { by: 'identity', uri: url } : refused(error)
}

/** Reads the blob endpoint of an account; `EVIDENCE_LOG` of the environment names its log. */
export function parseArchiveAccount(url: string, env: Environment): ArchiveAccount | Refused {
  const access = accessTo(url)
  if ('problem' in access) return access
  const log = z.safeParse(EVIDENCE_SETTINGS.EVIDENCE_LOG, env.EVIDENCE_LOG || undefined)
  return log.success ? { access, log: log.data } : { problem: `EVIDENCE_LOG: ${refused(log.error).problem}` }
}
