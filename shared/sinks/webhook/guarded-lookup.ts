import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isForbiddenAddress } from '../../domain/forbidden-address.ts'

/** Passed to the connector instead of a forbidden address. */
export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError'
  readonly code = 'ERR_ADDRESS_NOT_ALLOWED'
}

/**
 * A resolver that returns allowed addresses only. The connector uses exactly these, so no second
 * DNS answer can slip in between check and use. One forbidden address refuses them all: a name with
 * both is not a public receiver. Not called for hosts that are IP addresses: `guard.ts` checks
 * those.
 */
export const guardedLookup =
  (resolve: LookupFunction = systemLookup): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, answers) => {
      const nothing = options.all === true ? [] : ''
      if (error !== null) {
        callback(error, nothing)
        return
      }
      const addresses = asList(answers)
      const [first] = addresses
      if (first === undefined || addresses.some(({ address }) => isForbiddenAddress(address))) {
        callback(new AddressNotAllowedError('the name resolves to an address that is not allowed'), nothing)
      } else if (options.all === true) {
        callback(null, addresses)
      } else {
        callback(null, first.address, first.family)
      }
    })
  }

const asList = (answers: string | LookupAddress[]): LookupAddress[] =>
  typeof answers === 'string' ? [{ address: answers, family: answers.includes(':') ? 6 : 4 }] : answers
