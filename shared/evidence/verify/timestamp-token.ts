import { DER_INTEGER, DER_SEQUENCE, type DerElement, parseDer } from '../keys/der.ts'

const OID = 0x06
const OCTET_STRING = 0x04
const GENERALIZED_TIME = 0x18
const BOOLEAN = 0x01
const SET = 0x31
/** Context-specific, constructed: `[0]` and `[3]`. */
const TAG_0 = 0xa0
const TAG_3 = 0xa3
const SIGNED_DATA = '2a864886f70d010702'
const TST_INFO = '2a864886f70d0109100104'
const CONTENT_TYPE = '2a864886f70d010903'
const MESSAGE_DIGEST = '2a864886f70d010904'
const SIGNING_CERTIFICATE = '2a864886f70d010910020c'
const SIGNING_CERTIFICATE_V2 = '2a864886f70d010910022f'
const EXTENDED_KEY_USAGE = '551d25'
/** Of signed data that is not plain data, and of a signer named by issuer and number: RFC 5652, 5. */
const VERSION_3 = Buffer.of(DER_INTEGER, 1, 3)
const VERSION_1 = Buffer.of(DER_INTEGER, 1, 1)
const MAX_ELEMENTS = 200

/** An element with all of its bytes. */
interface Element extends DerElement {
  readonly raw: Buffer
}

/** The elements in some bytes; `undefined` if those are not whole elements. */
function elementsOf(bytes: Buffer | undefined): readonly Element[] | undefined {
  if (bytes === undefined) return undefined
  const found: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const element = parseDer(bytes, at)
    if (element === undefined || found.length === MAX_ELEMENTS) return undefined
    found.push({ ...element, raw: bytes.subarray(at, element.end) })
    at = element.end
  }
  return found
}

const inside = (element: DerElement | undefined, tag: number): readonly Element[] =>
  (element?.tag === tag ? elementsOf(element.content) : undefined) ?? []

const contentIn = (element: DerElement | undefined, tag: number): Buffer | undefined =>
  element?.tag === tag ? element.content : undefined

const oidIn = (element: DerElement | undefined): string => contentIn(element, OID)?.toString('hex') ?? ''

/** The algorithm in an AlgorithmIdentifier, as the hexadecimal content of its OID. */
const algorithmIn = (element: DerElement | undefined): string => oidIn(inside(element, DER_SEQUENCE)[0])

/** A certificate's hash, as a signed attribute tells it: RFC 5035. */
export interface CertificateHash {
  /** `undefined`: the default. */
  readonly algorithm: string | undefined
  readonly hash: Buffer
  readonly isVersion2: boolean
}

/** A time stamp token, taken apart. OIDs are the hexadecimal content of their DER. */
export interface TimestampToken {
  /** The signed content: TSTInfo. */
  readonly content: Buffer
  readonly imprint: { readonly algorithm: string; readonly hash: Buffer }
  /** In milliseconds since 1970. */
  readonly genTime: number
  readonly certificates: readonly Buffer[]
  /** Issuer and serial number of the signer's certificate. */
  readonly signerId: Buffer
  readonly digestAlgorithm: string
  readonly signatureAlgorithm: string
  readonly signature: Buffer
  /** What the signature is over: the signed attributes as a SET. */
  readonly signedAttributes: Buffer
  readonly contentType: string
  readonly messageDigest: Buffer
  readonly signingCertificate: CertificateHash
}

/** `YYYYMMDDhhmmss[.f]Z`: RFC 3161, 2.4.2. */
function parseTime(element: DerElement | undefined): number {
  const text = contentIn(element, GENERALIZED_TIME)?.toString('latin1') ?? ''
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(text)
  if (digits === null) return Number.NaN
  const [, year, month, day, hour, minute, second, fraction = ''] = digits
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`)
}

type Attributes = ReadonlyMap<string, Element>

/** Single values of attributes; of one that is there twice, none. */
function attributesOf(signedAttributes: DerElement): Attributes {
  const values = new Map<string, Element>()
  const seen = new Set<string>()
  for (const attribute of elementsOf(signedAttributes.content) ?? []) {
    const [type, set] = inside(attribute, DER_SEQUENCE)
    const [value, ...others] = inside(set, SET)
    const name = oidIn(type)
    if (seen.has(name) || value === undefined || others.length > 0) values.delete(name)
    else values.set(name, value)
    seen.add(name)
  }
  return values
}

function signingCertificateIn(attributes: Attributes): CertificateHash | undefined {
  const second = attributes.get(SIGNING_CERTIFICATE_V2)
  const value = second ?? attributes.get(SIGNING_CERTIFICATE)
  const [certificates] = inside(value, DER_SEQUENCE)
  const [first] = inside(certificates, DER_SEQUENCE)
  const fields = inside(first, DER_SEQUENCE)
  const hasAlgorithm = second !== undefined && fields[0]?.tag === DER_SEQUENCE
  const hash = contentIn(fields[hasAlgorithm ? 1 : 0], OCTET_STRING)
  const algorithm = hasAlgorithm ? algorithmIn(fields[0]) : undefined
  return hash === undefined ? undefined : { algorithm, hash, isVersion2: second !== undefined }
}

/**
 * Takes a granted answer of a time stamp authority apart: RFC 3161, 2.4.2; RFC 5652, 5.
 * @returns `undefined` for anything else; checks no signature
 */
export function parseTimestampToken(answer: Buffer): TimestampToken | undefined {
  const [response, ...behind] = elementsOf(answer) ?? []
  const [status, token] = inside(response, DER_SEQUENCE)
  const granted = contentIn(inside(status, DER_SEQUENCE)[0], DER_INTEGER)
  // Granted, or granted with modifications.
  if (behind.length > 0 || granted?.length !== 1 || (granted[0] ?? 2) > 1) return undefined
  const [type, explicit] = inside(token, DER_SEQUENCE)
  const [version, digestAlgorithms, encapsulated, ...rest] = inside(inside(explicit, TAG_0)[0], DER_SEQUENCE)
  const [contentType, wrapped] = inside(encapsulated, DER_SEQUENCE)
  const content = contentIn(inside(wrapped, TAG_0)[0], OCTET_STRING)
  const certificates = rest.find(({ tag }) => tag === TAG_0)
  const [signer, ...moreSigners] = inside(rest.at(-1), SET)
  const [signerVersion, signerId, digestAlgorithm, signed, signatureAlgorithm, signature] = inside(
    signer,
    DER_SEQUENCE,
  )
  const isKnown = version?.raw.equals(VERSION_3) === true && signerVersion?.raw.equals(VERSION_1) === true
  if (!isKnown || digestAlgorithm === undefined || signerId?.tag !== DER_SEQUENCE) return undefined
  if (!inside(digestAlgorithms, SET).some(({ raw }) => raw.equals(digestAlgorithm.raw))) return undefined
  if (oidIn(type) !== SIGNED_DATA || oidIn(contentType) !== TST_INFO) return undefined
  if (content === undefined || moreSigners.length > 0 || signed?.tag !== TAG_0) return undefined
  const [, , imprint, , genTime] = inside(elementsOf(content)?.[0], DER_SEQUENCE)
  const [imprintAlgorithm, imprintHash] = inside(imprint, DER_SEQUENCE)
  const attributes = attributesOf(signed)
  const messageDigest = contentIn(attributes.get(MESSAGE_DIGEST), OCTET_STRING)
  const signingCertificate = signingCertificateIn(attributes)
  const hash = contentIn(imprintHash, OCTET_STRING)
  const signatureBytes = contentIn(signature, OCTET_STRING)
  const time = parseTime(genTime)
  if (messageDigest === undefined || signingCertificate === undefined || hash === undefined) return undefined
  if (signatureBytes === undefined || Number.isNaN(time)) return undefined
  return {
    content,
    imprint: { algorithm: algorithmIn(imprintAlgorithm), hash },
    genTime: time,
    certificates: (elementsOf(certificates?.content) ?? []).map(({ raw }) => raw),
    signerId: signerId.content,
    digestAlgorithm: algorithmIn(digestAlgorithm),
    signatureAlgorithm: algorithmIn(signatureAlgorithm),
    signature: signatureBytes,
    // Signed as the SET that they are, whatever their tag within the signer's data: RFC 5652, 5.4.
    signedAttributes: Buffer.concat([Buffer.of(SET), signed.raw.subarray(1)]),
    contentType: oidIn(attributes.get(CONTENT_TYPE)),
    messageDigest,
    signingCertificate,
  }
}

export const isOfTimestamp = ({ contentType }: TimestampToken): boolean => contentType === TST_INFO

/** Issuer and serial number of a certificate. */
export function certificateId(certificate: Buffer): Buffer | undefined {
  const [body] = inside(elementsOf(certificate)?.[0], DER_SEQUENCE)
  const [, serial, , issuer] = inside(body, DER_SEQUENCE)
  return serial === undefined || issuer === undefined ? undefined : Buffer.concat([issuer.raw, serial.raw])
}

/**
 * Purposes in a certificate's extension for them, if that is marked critical: RFC 3161, 2.3.
 * @returns OIDs as hexadecimal; empty if there is no such extension
 */
export function criticalPurposesIn(certificate: Buffer): readonly string[] {
  const [body] = inside(elementsOf(certificate)?.[0], DER_SEQUENCE)
  const extensions = inside(body, DER_SEQUENCE).find(({ tag }) => tag === TAG_3)
  for (const extension of inside(inside(extensions, TAG_3)[0], DER_SEQUENCE)) {
    const [name, critical, value] = inside(extension, DER_SEQUENCE)
    if (oidIn(name) !== EXTENDED_KEY_USAGE || critical?.tag !== BOOLEAN || critical.content[0] === 0) continue
    return inside(elementsOf(contentIn(value, OCTET_STRING))?.[0], DER_SEQUENCE).map(oidIn)
  }
  return []
}
