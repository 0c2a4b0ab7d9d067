import type { TokenCredential } from '@azure/identity'
import type { AppSettings } from '../config/parse-settings.ts'
import type { TenantId } from '../domain/identifiers.ts'
import { memo } from '../pipeline/memo.ts'

/** Whose rights a command uses. */
export type CredentialKind =
  /**
   * The operator's own: environment, workload identity, managed identity, `az login`, as the SDK
   * does.
   */
  | 'default'
  /** The app's: inside the app, or next to the embedded stack. */
  | 'managedIdentity'

/**
 * A credential, created on first use.
 * @param tenantId of the services, for an operator who is signed in to several tenants
 */
export const credentialOf = (kind: CredentialKind, clientId: string | undefined, tenantId?: TenantId) =>
  memo(async (): Promise<TokenCredential> => {
    const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity')
    if (kind === 'default') return new DefaultAzureCredential(tenantId === undefined ? {} : { tenantId })
    return clientId === undefined
      ? new ManagedIdentityCredential()
      : new ManagedIdentityCredential({ clientId })
  })

/** Whether no service is accessed by identity, as on the embedded stack. */
export const isAllByConnectionString = ({ eventHub, hostStorage, archiveStorage }: AppSettings): boolean =>
  eventHub.connectionString !== undefined &&
  hostStorage.by === 'connectionString' &&
  archiveStorage.by === 'connectionString'
