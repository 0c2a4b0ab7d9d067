import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { sha256Hex } from '../encoding/digest.ts'

/** One signature line of a note. */
export interface NoteSignature {
  readonly keyName: string
  /** The first four bytes of the signature, as 8 lower-case hex digits. */
  readonly keyId: string
  /** Without the key id; of a `0x02` key: ASN.1 DER. */
  readonly signature: Buffer
}

/** A signed note, [C2SP signed-note](https://c2sp.org/signed-note). */
export interface Note {
  /** What is signed; ends with a line feed. */
  readonly text: string
  /** Empty for a log without a key, which the specification does not know. */
  readonly signatures: readonly NoteSignature[]
}

/** A public key that checks notes: ECDSA over P-256, type `0x02`. */
export interface VerifierKey {
  readonly name: string
  readonly keyId: string
  /** DER, SubjectPublicKeyInfo. */
  readonly spki: Buffer
}

const MAX_NOTE_BYTES = 64 * 1024
const MAX_SIGNATURES = 64
const KEY_ID_BYTES = 4
const ECDSA = 0x02
const LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u
const SPACE = 0x20
const LINE_FEED = 0x0a

/** Bytes of standard Base64 in its one canonical form; `undefined` for any other text. */
export function parseBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

/** UTF-8 text; `undefined` if the bytes are not. */
function parseUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, keyName = '', encoded = ''] = LINE.exec(line) ?? []
  const bytes = parseBase64(encoded)
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) return undefined
  return {
    keyName,
    keyId: bytes.toString('hex', 0, KEY_ID_BYTES),
    signature: bytes.subarray(KEY_ID_BYTES),
  }
}

/** Parses a note; `undefined` if it is malformed. Checks no signature. */
export function parseNote(bytes: Uint8Array): Note | undefined {
  if (bytes.byteLength > MAX_NOTE_BYTES) return undefined
  if (bytes.some((byte) => byte < SPACE && byte !== LINE_FEED)) return undefined
  const content = parseUtf8(bytes)
  if (content === undefined) return undefined
  const gap = content.lastIndexOf('\n\n')
  if (gap < 1 || !content.endsWith('\n')) return undefined
  const lines = content
    .slice(gap + 2)
    .split('\n')
    .slice(0, -1)
  const signatures = lines.flatMap((line) => parseSignature(line) ?? [])
  if (signatures.length !== lines.length || lines.length > MAX_SIGNATURES) return undefined
  return { text: content.slice(0, gap + 1), signatures }
}

/** The bytes of a note. */
export const noteBytes = ({ text, signatures }: Note): Buffer =>
  Buffer.from(
    `${text}\n${signatures
      .map(
        ({ keyName, keyId, signature }) =>
          `— ${keyName} ${Buffer.concat([Buffer.from(keyId, 'hex'), signature]).toString('base64')}\n`,
      )
      .join('')}`,
  )

/** The id of an ECDSA key: the first four bytes of the SHA-256 of its DER. */
export const keyIdOf = (spki: Uint8Array): string => sha256Hex(spki).slice(0, 2 * KEY_ID_BYTES)

/** @param spki DER, SubjectPublicKeyInfo */
export const verifierKeyOf = (name: string, spki: Buffer): VerifierKey => ({
  name,
  keyId: keyIdOf(spki),
  spki,
})

/**
 * The text of a verifier key as other tools for notes take it: `name+id+Base64(0x02 || DER)`.
 */
export const verifierKeyText = ({ name, keyId, spki }: VerifierKey): string =>
  `${name}+${keyId}+${Buffer.concat([Buffer.of(ECDSA), spki]).toString('base64')}`

/** Parses the text of an ECDSA P-256 verifier key; `undefined` for any other. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text) ?? []
  const bytes = parseBase64(encoded)
  if (bytes === undefined || bytes[0] !== ECDSA) return undefined
  const key = verifierKeyOf(name, bytes.subarray(1))
  return key.keyId === id && publicKeyOf(key.spki) !== undefined ? key : undefined
}

/** Keys by their DER: to parse one takes longer than to check a signature. */
const PARSED = new WeakMap<Buffer, KeyObject>()

/** The P-256 key of this DER; `undefined` if it is none. */
export function publicKeyOf(spki: Buffer): KeyObject | undefined {
  const parsed = PARSED.get(spki)
  if (parsed !== undefined) return parsed
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    if (!isP256(key)) return undefined
    PARSED.set(spki, key)
    return key
  } catch {
    return undefined
  }
}

const isP256 = (key: KeyObject): boolean =>
  key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'

/** The DER of a P-256 public key in PEM; `undefined` for anything else. */
export function parsePublicKeyPem(pem: string): Buffer | undefined {
  try {
    const key = createPublicKey(pem)
    return isP256(key) ? key.export({ format: 'der', type: 'spki' }) : undefined
  } catch {
    return undefined
  }
}

/** A public key as PEM, which openssl reads. */
export const publicKeyPem = (spki: Buffer): string =>
  `-----BEGIN PUBLIC KEY-----\n${(spki.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END PUBLIC KEY-----\n`

/** Whether a key signed this text. */
export function isSignedBy(text: string, signature: Buffer, key: VerifierKey): boolean {
  const publicKey = publicKeyOf(key.spki)
  return publicKey !== undefined && verify('sha256', Buffer.from(text), publicKey, signature)
}

/** What the signatures of a note say, given the keys that are known. */
export type NoteVerdict =
  | { readonly status: 'signed'; readonly keys: readonly VerifierKey[] }
  /** A known key's signature does not fit the text. */
  | { readonly status: 'bad'; readonly key: VerifierKey }
  /** There are signatures, none of them by a known key. */
  | { readonly status: 'unknownKey'; readonly keyIds: readonly string[] }
  | { readonly status: 'unsigned' }

/**
 * Checks a note's signatures. As the specification demands, a signature by an unknown key is
 * ignored, and one bad signature by a known key condemns the note.
 */
export function verifyNote({ text, signatures }: Note, known: readonly VerifierKey[]): NoteVerdict {
  if (signatures.length === 0) return { status: 'unsigned' }
  const keys: VerifierKey[] = []
  for (const { keyName, keyId, signature } of signatures) {
    const key = known.find((one) => one.name === keyName && one.keyId === keyId)
    if (key === undefined) continue
    if (!isSignedBy(text, signature, key)) return { status: 'bad', key }
    keys.push(key)
  }
  return keys.length > 0
    ? { status: 'signed', keys }
    : { status: 'unknownKey', keyIds: signatures.map((one) => one.keyId) }
}
