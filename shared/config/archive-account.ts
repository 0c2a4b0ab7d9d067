import * as z from 'zod/mini'
import { EVIDENCE_SETTINGS } from './evidence-settings.ts'
import { GRAPH_SETTINGS } from './graph-settings.ts'
import type { StorageAccess } from './parse-settings.ts'
import { serviceUrl } from './setting-forms.ts'
import type { Environment } from './setting-problems.ts'

/** The account of an archive, known by its blob endpoint alone. */
export interface ArchiveAccount {
  readonly access: StorageAccess<{ readonly uri: string }>
  /** Container of the log. */
  readonly log: string
  readonly resourceManagerEndpoint: string
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
  problem: issues.map(({ path, message }) => [...path, message].join(': ')).join('; '),
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

const SETTINGS = z.object({
  EVIDENCE_LOG: EVIDENCE_SETTINGS.EVIDENCE_LOG,
  RESOURCE_MANAGER_ENDPOINT: GRAPH_SETTINGS.RESOURCE_MANAGER_ENDPOINT,
})

/** Reads the blob endpoint of an account; the environment may name another log and national cloud. */
export function parseArchiveAccount(url: string, env: Environment): ArchiveAccount | Refused {
  const access = accessTo(url)
  if ('problem' in access) return access
  const { EVIDENCE_LOG, RESOURCE_MANAGER_ENDPOINT } = env
  const read = z.safeParse(SETTINGS, {
    EVIDENCE_LOG: EVIDENCE_LOG || undefined,
    RESOURCE_MANAGER_ENDPOINT: RESOURCE_MANAGER_ENDPOINT || undefined,
  })
  if (!read.success) return refused(read.error)
  const { EVIDENCE_LOG: log, RESOURCE_MANAGER_ENDPOINT: resourceManagerEndpoint } = read.data
  return { access, log, resourceManagerEndpoint }
}
