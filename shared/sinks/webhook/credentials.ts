import type { Fault } from '../../domain/fault.ts'
import { ABORTED, untilAborted } from '../../domain/until-aborted.ts'
import { noTokenFault } from '../http/no-token-fault.ts'
import { timeoutFault } from '../http/parse-exchange-error.ts'
import type { Authentication, Receiver } from './destination.ts'

type Headers = Readonly<Record<string, string>>

/** One way to show a receiver who sends. */
export interface Credential {
  headers(signal: AbortSignal): Promise<Headers | Fault>
}

/** What a destination has to show who sends. */
export interface Credentials {
  /**
   * What to try: the one accepted last, then, only where the receiver refuses it, the others. So
   * neither side of a rotation has to come first.
   */
  inOrder(): readonly Credential[]
  /** Notes that the receiver did not refuse it. */
  accepted(credential: Credential): void
}

const fixed = (headers: Headers): Credential => ({ headers: async () => headers })

export function credentialsOf(
  authentication: Authentication,
  { host, settingsPrefix }: Receiver,
): Credentials {
  const token = (isFresh: boolean, getToken: (Authentication & { by: 'entra' })['getToken']): Credential => ({
    async headers(signal) {
      const noToken = (error?: unknown): Fault =>
        noTokenFault(
          error,
          `Entra ID gave no token for the webhook receiver ${host}. Check ${settingsPrefix}TOKEN_SCOPE, AZURE_CLIENT_ID, and that the app's identity may call the receiver.`,
        )
      // A credential may ignore the signal, or end by it.
      const got = await untilAborted(getToken(isFresh, signal).catch(noToken), signal)
      if (signal.aborted || got === ABORTED) return timeoutFault('Entra ID')
      if (typeof got === 'object') return got
      return got === undefined ? noToken() : { authorization: `Bearer ${got}` }
    },
  })
  switch (authentication.by) {
    case 'none': {
      const all = [fixed({})]
      return { inOrder: () => all, accepted: () => undefined }
    }
    case 'header': {
      let all = authentication.values.map((value) => fixed({ [authentication.name]: value }))
      return {
        inOrder: () => all,
        accepted: (credential) => {
          if (credential !== all[0]) all = [credential, ...all.filter((one) => one !== credential)]
        },
      }
    }
    case 'entra': {
      // A token can be revoked hours before it expires: then a new one, each time.
      const all = [token(false, authentication.getToken), token(true, authentication.getToken)]
      return { inOrder: () => all, accepted: () => undefined }
    }
  }
}
