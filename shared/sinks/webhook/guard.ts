import { isIP } from 'node:net'
import { type Fault, sinkFault } from '../../domain/fault.ts'
import { isForbiddenAddress } from '../../domain/forbidden-address.ts'
import type { WebhookOptions } from './options.ts'

type Guarded = Pick<WebhookOptions, 'url' | 'allowedHosts' | 'allowPrivateAddresses'>

const withoutBrackets = (hostname: string): string => hostname.replace(/^\[|\]$/g, '')

/** The URL's host, without the brackets of IPv6. */
export const hostOf = (url: string): string => withoutBrackets(new URL(url).hostname)

/**
 * Why a URL must not be used; `undefined` if allowed, provided the addresses of its host are too
 * (`guarded-lookup.ts`). Behind a proxy only this check applies, since the proxy resolves the name:
 * so the host must be listed explicitly.
 */
export function urlFault({ url, allowedHosts, allowPrivateAddresses }: Guarded): Fault | undefined {
  const host = hostOf(url)
  if (new URL(url).protocol !== 'https:') {
    return sinkFault(
      'addressNotAllowed',
      `The URL of the webhook receiver ${host} is not https. Check WEBHOOK_URL.`,
    )
  }
  if (!allowedHosts.some((allowed) => withoutBrackets(allowed.toLowerCase()) === host)) {
    return sinkFault(
      'addressNotAllowed',
      `The host ${host} of WEBHOOK_URL is not among WEBHOOK_ALLOWED_HOSTS. Add it there, or correct WEBHOOK_URL.`,
    )
  }
  if (!allowPrivateAddresses && isIP(host) !== 0 && isForbiddenAddress(host)) return addressFault(host)
  return undefined
}

/** The fault if a receiver's address is not public. */
export const addressFault = (host: string): Fault =>
  sinkFault(
    'addressNotAllowed',
    `The webhook receiver ${host} has a private, loopback, link-local or reserved address, which is not allowed. Check WEBHOOK_URL and its DNS; if the address is intended, set WEBHOOK_ALLOW_PRIVATE_ADDRESSES to true.`,
  )
