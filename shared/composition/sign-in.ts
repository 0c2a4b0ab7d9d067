import { LOCAL_OPERATOR_ID } from '../config/local-connection.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import { deviceCode } from './device-code.ts'
import type { GraphAccess } from './graph-access.ts'
import { credentialOf } from './operator-credential.ts'

/** How the operator signs in to Graph; the app's own identity is never used. */
export type SignIn =
  /** As the Azure SDK finds it: environment, workload identity, `az login`. */
  | { readonly by: 'default' }
  | { readonly by: 'deviceCode'; readonly show: (message: string) => void }
  /** The local stack's only user. */
  | { readonly by: 'localStack'; readonly caPem: string | undefined }

/** @param permissions delegated permissions to request */
export function accessOf(signIn: SignIn, settings: AppSettings, permissions: readonly string[]): GraphAccess {
  switch (signIn.by) {
    case 'default':
      return { credential: credentialOf('default', undefined, settings.tenantId) }
    case 'localStack':
      return { credential: credentialOf('managedIdentity', LOCAL_OPERATOR_ID), caPem: signIn.caPem }
    case 'deviceCode':
      return deviceCode(settings, signIn.show, permissions)
  }
}
