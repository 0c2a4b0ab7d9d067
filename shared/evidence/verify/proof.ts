import { parseBase64, parseVerifierKey, type VerifierKey, verifierKeyText } from '../note.ts'
import { parseTlogProof, tlogProofText } from './tlog-proof.ts'

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

const begin = (name: string): string => `-----BEGIN ${name}-----`
const end = (name: string): string => `-----END ${name}-----`
const wrapped = (bytes: Buffer): string => (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\n')

const section = (name: string, text: string): string => `${begin(name)}\n${text}\n${end(name)}\n`

/** A proof as one file of text. */
export const proofText = (proof: RecordProof): string =>
  [
    `${TITLE}\n`,
    'Check it with: risk-export check-proof FILE',
    'The record is in the line; the line in the blob; the hash of the blob in the leaf; the leaf in the signed log.\n',
    section('ARCHIVE LINE', proof.line.toString('utf8')),
    section('LEAF', proof.leaf.toString('utf8')),
    section('TLOG PROOF', tlogProofText(proof).replace(/\n$/, '')),
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
  const inclusion = tlog === undefined ? undefined : parseTlogProof(`${tlog}\n`)
  const verifier = key === undefined ? undefined : parseVerifierKey(key)
  if (line === undefined || leaf === undefined || blob === undefined || inclusion === undefined)
    return undefined
  if (key !== undefined && verifier === undefined) return undefined
  return {
    line: Buffer.from(line),
    blob,
    leaf: Buffer.from(leaf),
    index: inclusion.index,
    path: inclusion.path,
    checkpoint: inclusion.checkpoint,
    key: verifier,
    timestamp: bytesIn(stamp),
  }
}
