import { createPrivateKey, X509Certificate } from 'node:crypto'

/** PEM with literal `\n` turned into line breaks, which portals make hard to enter. */
export const withLineBreaks = (pem: string): string => pem.replaceAll('\\n', '\n')

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Whether a text consists of complete PEM certificates only. */
export function isCertificates(pem: string): boolean {
  const blocks = pem.match(BLOCK) ?? []
  const begun = pem.split('-----BEGIN ').length - 1
  return blocks.length > 0 && blocks.length === begun && blocks.every(isCertificate)
}

function isCertificate(block: string): boolean {
  try {
    new X509Certificate(block)
    return true
  } catch {
    return false
  }
}

/** Whether this is the private key of an ECDSA P-256 pair, in PEM and not encrypted. */
export function isSigningKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem)
    return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}
