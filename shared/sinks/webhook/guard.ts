import { isIP } from 'node:net'
import { type Fault, sinkFault } from '../../domain/fault.ts'
import { isForbiddenAddress } from '../../domain/forbidden-address.ts'
import { type Destination, hostOf, type Receiver, receiverOf } from './destination.ts'

type Guarded = Pick<Destination, 'url' | 'settingsPrefix' | 'allowedHosts' | 'allowPrivateAddresses'>

const withoutBrackets = (hostname: string): string => hostname.replace(/^\[|\]$/g, '')

/**
 * Why a URL must not be used; `undefined` if allowed, provided the addresses of its host are too
 * (`guarded-lookup.ts`). Behind a proxy only this check applies, since the proxy resolves the name:
 * so the host must be listed explicitly.
 */
export function urlFault(destination: Guarded): Fault | undefined {
  const { url, settingsPrefix: at, allowedHosts, allowPrivateAddresses } = destination
  const host = hostOf(url)
  if (new URL(url).protocol !== 'https:') {
    return sinkFault(
      'addressNotAllowed',
      `The URL of the webhook receiver ${host} is not https. Check ${at}URL.`,
    )
  }
  if (!allowedHosts.some((allowed) => withoutBrackets(allowed.toLowerCase()) === host)) {
    return sinkFault(
      'addressNotAllowed',
      `The host ${host} of ${at}URL is not among ${at}ALLOWED_HOSTS. Add it there, or correct ${at}URL.`,
    )
  }
  if (!allowPrivateAddresses && isIP(host) !== 0 && isForbiddenAddress(host))
    return addressFault(receiverOf(destination))
  return undefined
}

/** The fault if a receiver's address is not public. */
export const addressFault = ({ host, settingsPrefix: at }: Receiver): Fault =>
  sinkFault(
    'addressNotAllowed',
    `The webhook receiver ${host} has a private, loopback, link-local or reserved address, which is not allowed. Check ${at}URL and its DNS; if the address is intended, set ${at}ALLOW_PRIVATE_ADDRESSES to true.`,
  )
