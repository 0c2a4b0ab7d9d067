import {
  type ManagedIdentity,
  startManagedIdentity,
} from '../../local/emulators/managed-identity/managed-identity.ts'

let started: Promise<ManagedIdentity> | undefined

/** One for all files of a process: clients of Azure keep where they found an identity, and its tokens. */
export function processIdentity(): Promise<ManagedIdentity> {
  started ??= startManagedIdentity({ header: 'header-of-the-test', nowMs: () => Date.now() })
  return started
}
