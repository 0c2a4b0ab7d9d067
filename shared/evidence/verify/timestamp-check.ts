import { hash, type KeyObject, verify, X509Certificate } from 'node:crypto'
import {
  type CertificateHash,
  certificateId,
  criticalPurposesIn,
  isOfTimestamp,
  parseTimestampToken,
  type TimestampToken,
} from './timestamp-token.ts'

/** Hashes by the hexadecimal content of their OID; of weaker ones, none is taken. */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['608648016503040201', 'sha256'],
  ['608648016503040202', 'sha384'],
  ['608648016503040203', 'sha512'],
])
/** Signature algorithms that tell their hash; others sign with that of the digest. */
const SIGNATURE_HASHES: ReadonlyMap<string, string> = new Map([
  ['2a8648ce3d040302', 'sha256'],
  ['2a8648ce3d040303', 'sha384'],
  ['2a8648ce3d040304', 'sha512'],
  ['2a864886f70d01010b', 'sha256'],
  ['2a864886f70d01010c', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
])
const RSA = '2a864886f70d010101'
const TIME_STAMPING = '2b06010505070308'
const MAX_CHAIN = 8

export type TimestampVerdict =
  | { readonly status: 'verified'; readonly genTime: number }
  | { readonly status: 'bad'; readonly problem: string }

const bad = (problem: string): TimestampVerdict => ({ status: 'bad', problem })

/** Certificates in PEM; `undefined` if there is none, or one is malformed. */
export function parseCertificates(pem: string): readonly X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  const found = blocks.flatMap((block) => parseCertificate(block) ?? [])
  return found.length === blocks.length && found.length > 0 ? found : undefined
}

function parseCertificate(encoded: string | Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(encoded)
  } catch {
    return undefined
  }
}

function isNamedBy({ algorithm, hash: expected, isVersion2 }: CertificateHash, certificate: Buffer): boolean {
  // The first version of the attribute knows SHA-1 alone: RFC 2634, 5.4. The chain proves the rest.
  const name = isVersion2 ? (algorithm === undefined ? 'sha256' : HASHES.get(algorithm)) : 'sha1'
  return name !== undefined && hash(name, certificate, 'buffer').equals(expected)
}

function isSigned(token: TimestampToken, key: KeyObject): boolean {
  const { signatureAlgorithm, digestAlgorithm, signedAttributes, signature } = token
  const name =
    signatureAlgorithm === RSA ? HASHES.get(digestAlgorithm) : SIGNATURE_HASHES.get(signatureAlgorithm)
  if (name === undefined) return false
  try {
    return verify(name, signedAttributes, key, signature)
  } catch {
    return false
  }
}

const isValidAt = ({ validFrom, validTo }: X509Certificate, ms: number): boolean =>
  Date.parse(validFrom) <= ms && ms <= Date.parse(validTo)

const issued = (certificate: X509Certificate, by: X509Certificate): boolean =>
  by.ca && certificate.checkIssued(by) && certificate.verify(by.publicKey)

/** Why no chain leads from a certificate to a trusted one at that time. */
function chainProblem(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  ms: number,
): string | undefined {
  let current = signer
  for (let length = 0; length < MAX_CHAIN; length += 1) {
    if (!isValidAt(current, ms)) return 'a certificate of its authority was not valid at its time'
    const anchors = trusted.filter((one) => issued(current, one))
    if (anchors.some((one) => isValidAt(one, ms))) return undefined
    if (anchors.length > 0) return 'the given certificate was not valid at its time'
    const next = others.find((one) => !one.raw.equals(current.raw) && issued(current, one))
    if (next === undefined) break
    current = next
  }
  return 'its authority is not certified by what --tsa-ca gives'
}

/**
 * Checks a time stamp as [RFC 3161](https://www.rfc-editor.org/rfc/rfc3161) demands: granted, of
 * this content, signed, by the one certificate that it names, which is for time stamps alone and
 * was certified by a trusted one at the time that it tells. Knows nothing of revocation.
 */
export function checkTimestamp(
  answer: Buffer,
  content: Buffer,
  trusted: readonly X509Certificate[],
): TimestampVerdict {
  const token = parseTimestampToken(answer)
  if (token === undefined) return bad('not a granted time stamp')
  const { imprint, genTime, messageDigest, digestAlgorithm, signingCertificate } = token
  const imprintHash = HASHES.get(imprint.algorithm)
  if (imprintHash === undefined || !hash(imprintHash, content, 'buffer').equals(imprint.hash))
    return bad('not of the stored checkpoint')
  const digestHash = HASHES.get(digestAlgorithm)
  const isOfContent =
    digestHash !== undefined && hash(digestHash, token.content, 'buffer').equals(messageDigest)
  if (!isOfTimestamp(token) || !isOfContent) return bad('its signed attributes are not of its content')
  const der = token.certificates.find((one) => isNamedBy(signingCertificate, one))
  const signer = der === undefined ? undefined : parseCertificate(der)
  const isNamed = der !== undefined && certificateId(der)?.equals(token.signerId) === true
  if (!isNamed || signer === undefined)
    return bad('it does not contain the certificate that it was signed with')
  if (!isSigned(token, signer.publicKey)) return bad('its signature is wrong')
  const purposes = criticalPurposesIn(der)
  if (purposes.length !== 1 || purposes[0] !== TIME_STAMPING)
    return bad('its certificate is not one for time stamps alone')
  const others = token.certificates.flatMap((one) => parseCertificate(one) ?? [])
  const problem = chainProblem(signer, others, trusted, genTime)
  return problem === undefined ? { status: 'verified', genTime } : bad(problem)
}
