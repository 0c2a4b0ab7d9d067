import { type Fault, isFault, sinkFault } from '../../domain/fault.ts'
import type { Answer } from './answer.ts'
import type { Authentication, Receiver } from './destination.ts'

type Headers = Readonly<Record<string, string>>

/** Shows a receiver who sends. */
export interface Credentials {
  /**
   * Sends with the credential accepted last; where the receiver refuses it, with the other ones, so
   * that neither side of a rotation has to come first.
   */
  send(exchange: (headers: Headers) => Promise<Answer | Fault>, signal: AbortSignal): Promise<Answer | Fault>
}

const isRefusal = (answer: Answer | Fault): boolean =>
  !isFault(answer) && (answer.status === 401 || answer.status === 403)

export function credentialsOf(
  authentication: Authentication,
  { host, settingsPrefix }: Receiver,
): Credentials {
  switch (authentication.by) {
    case 'none':
      return { send: (exchange) => exchange({}) }
    case 'header': {
      let [accepted] = authentication.values
      return {
        async send(exchange, signal) {
          const asked = accepted
          let answer = await exchange({ [authentication.name]: asked })
          for (const value of authentication.values.filter((one) => one !== asked)) {
            if (!isRefusal(answer) || signal.aborted) break
            const next = await exchange({ [authentication.name]: value })
            if (isRefusal(next)) continue
            answer = next
            if (!isFault(next)) accepted = value
          }
          return answer
        },
      }
    }
    case 'entra':
      return {
        async send(exchange, signal) {
          let token: string
          try {
            token = await authentication.getToken(signal)
          } catch {
            return sinkFault(
              'unauthorized',
              `Entra ID gave no token for the webhook receiver ${host}. Check ${settingsPrefix}TOKEN_SCOPE, AZURE_CLIENT_ID, and that the app's identity may call the receiver.`,
            )
          }
          return exchange({ authorization: `Bearer ${token}` })
        },
      }
  }
}
