import { type Fault, sinkFault, transientFault } from '../../domain/fault.ts'
import { textOf } from './parse-exchange-error.ts'

/**
 * The fault where no token was obtained, and so no request was made. A managed identity's credential
 * wraps any error; only that its endpoint was not reached passes by itself. An operator's credential
 * tries several ways to sign in, of which a managed identity is one that is not there.
 * @param error what the credential threw, if it did; the fault has its name, never its text
 * @param message for operators: who gave no token, and what to check
 */
export function noTokenFault(error: unknown, message: string): Fault {
  const name = textOf(error, 'name')
  return !name.startsWith('Aggregate') && /Network unreachable|network_error/.test(textOf(error, 'message'))
    ? transientFault('unreachable', `The managed identity endpoint could not be reached (${name}).`)
    : sinkFault('unauthorized', message)
}
