import { X509Certificate } from 'node:crypto'
import { type Fault, sinkFault } from '../../domain/fault.ts'
import type { WebhookOptions } from './options.ts'

type Looked = Pick<WebhookOptions, 'token' | 'caPem' | 'proxyUrl'>

/** PEM as it is; with `\n` written out too, since portals make line breaks hard to enter. */
export const withLineBreaks = (pem: string): string => pem.replaceAll('\\n', '\n')

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(withLineBreaks(pem))
    return true
  } catch {
    return false
  }
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/**
 * Why requests cannot even be made with these settings; `undefined`: they can. Values that are present and of the right kind, and yet
 * no header, certificate or proxy can be made of them: pasted with a line break, or cut short.
 */
export function settingsFault({ token, caPem, proxyUrl }: Looked): Fault | undefined {
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    return sinkFault(
      'unauthorized',
      'WEBHOOK_TOKEN holds characters that no token has: a space, a line break, or one beyond ASCII. Enter it again.',
    )
  }
  if (caPem !== undefined && !isCertificate(caPem)) {
    return sinkFault(
      'certificateRejected',
      'WEBHOOK_CA_PEM is no certificate. Enter the whole PEM text, from BEGIN CERTIFICATE to END CERTIFICATE.',
    )
  }
  const { username, password } = proxyUrl === undefined ? { username: '', password: '' } : new URL(proxyUrl)
  if (!isPercentEncoded(username) || !isPercentEncoded(password)) {
    return sinkFault(
      'unauthorized',
      'The user name or password in WEBHOOK_PROXY_URL is not percent-encoded. Write % as %25.',
    )
  }
  return undefined
}
