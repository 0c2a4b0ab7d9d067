import type { TokenCredential } from '@azure/identity'
import type { AppSettings } from '../config/parse-settings.ts'
import { memo } from '../pipeline/memo.ts'

/** Whose rights a command has. */
export type CredentialKind =
  /**
   * An operator's own: environment, workload identity, managed identity, `az login` and what else
   * the SDK looks at.
   */
  | 'default'
  /** That of the app: inside the app, or beside the embedded stack. */
  | 'managedIdentity'

/** A credential, made when first needed. */
export const credentialOf = (kind: CredentialKind, clientId: string | undefined) =>
  memo(async (): Promise<TokenCredential> => {
    const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity')
    if (kind === 'default') return new DefaultAzureCredential()
    return clientId === undefined
      ? new ManagedIdentityCredential()
      : new ManagedIdentityCredential({ clientId })
  })

/** Whether nothing is reached by identity, as on the embedded stack. */
export const isAllByConnectionString = ({ eventHub, hostStorage, archiveStorage }: AppSettings): boolean =>
  eventHub.connectionString !== undefined &&
  hostStorage.by === 'connectionString' &&
  archiveStorage.by === 'connectionString'
