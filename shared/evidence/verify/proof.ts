import { parseBase64, parseVerifierKey, type VerifierKey, verifierKeyText } from '../note.ts'

/** All that proves one record. */
export interface RecordProof {
  /** The line of the archive, without its line feed. */
  readonly line: Buffer
  /** The stored, compressed bytes of its blob. */
  readonly blob: Buffer
  readonly leaf: Buffer
  readonly index: number
  readonly path: readonly Buffer[]
  readonly checkpoint: Buffer
  readonly key: VerifierKey | undefined
  readonly timestamp: Buffer | undefined
}

const TITLE = 'Entra risk export: proof of one record, version 1'
const TLOG_PROOF = 'c2sp.org/tlog-proof@v1'

const begin = (name: string): string => `-----BEGIN ${name}-----`
const end = (name: string): string => `-----END ${name}-----`
const wrapped = (bytes: Buffer): string => (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\n')

const section = (name: string, text: string): string => `${begin(name)}\n${text}\n${end(name)}\n`

/** The proof of inclusion, [C2SP tlog-proof](https://c2sp.org/tlog-proof), without a last line feed. */
const tlogProof = ({ index, path, checkpoint }: RecordProof): string =>
  [
    TLOG_PROOF,
    `index ${index}`,
    ...path.map((one) => one.toString('base64')),
    '',
    checkpoint.toString('utf8'),
  ]
    .join('\n')
    .replace(/\n$/, '')

/** A proof as one file of text. */
export const proofText = (proof: RecordProof): string =>
  [
    `${TITLE}\n`,
    'Check it with: risk-export check-proof FILE',
    'The record is in the line; the line in the blob; the hash of the blob in the leaf; the leaf in the signed log.\n',
    section('ARCHIVE LINE', proof.line.toString('utf8')),
    section('LEAF', proof.leaf.toString('utf8')),
    section('TLOG PROOF', tlogProof(proof)),
    ...(proof.key === undefined ? [] : [section('VERIFIER KEY', verifierKeyText(proof.key))]),
    ...(proof.timestamp === undefined ? [] : [section('TIME STAMP', wrapped(proof.timestamp))]),
    section('ARCHIVE BLOB', wrapped(proof.blob)),
  ].join('\n')

const MAX_PROOF_BYTES = 400 * 1024 * 1024

function sectionIn(text: string, name: string): string | undefined {
  const opening = `\n${begin(name)}\n`
  const start = text.indexOf(opening)
  const close = text.indexOf(`\n${end(name)}\n`, start)
  return start === -1 || close === -1 || text.indexOf(opening, start + 1) !== -1
    ? undefined
    : text.slice(start + opening.length, close)
}

const bytesIn = (text: string | undefined): Buffer | undefined =>
  text === undefined ? undefined : parseBase64(text.replaceAll('\n', ''))

function parseTlogProof(
  text: string,
): { readonly index: number; readonly path: readonly Buffer[]; readonly checkpoint: Buffer } | undefined {
  const gap = text.indexOf('\n\n')
  const [title, place, ...hashes] = text.slice(0, gap).split('\n')
  const index = /^index (0|[1-9]\d{0,15})$/.exec(place ?? '')?.[1]
  const path = hashes.flatMap((one) => parseBase64(one) ?? [])
  if (gap === -1 || title !== TLOG_PROOF || index === undefined || path.length !== hashes.length)
    return undefined
  return { index: Number(index), path, checkpoint: Buffer.from(`${text.slice(gap + 2)}\n`) }
}

/** Parses a proof; `undefined` if it is none, or not whole. */
export function parseProof(content: Buffer): RecordProof | undefined {
  if (content.byteLength > MAX_PROOF_BYTES) return undefined
  const text = content.toString('utf8').replaceAll('\r\n', '\n')
  if (!text.startsWith(`${TITLE}\n`)) return undefined
  const [line, leaf, tlog, key, stamp] = [
    'ARCHIVE LINE',
    'LEAF',
    'TLOG PROOF',
    'VERIFIER KEY',
    'TIME STAMP',
  ].map((name) => sectionIn(text, name))
  const blob = bytesIn(sectionIn(text, 'ARCHIVE BLOB'))
  const inclusion = tlog === undefined ? undefined : parseTlogProof(tlog)
  const verifier = key === undefined ? undefined : parseVerifierKey(key)
  if (line === undefined || leaf === undefined || blob === undefined || inclusion === undefined)
    return undefined
  if (key !== undefined && verifier === undefined) return undefined
  return {
    line: Buffer.from(line),
    blob,
    leaf: Buffer.from(leaf),
    ...inclusion,
    key: verifier,
    timestamp: bytesIn(stamp),
  }
}
