import { contentOf, linesOf } from '../blob-content.ts'
import { parseLeaf } from '../leaf.ts'
import type { VerifierKey } from '../note.ts'
import type { RecordProof } from './proof.ts'
import type { Inclusion } from './provable-log.ts'
import { parseTlogProof, tlogProofText } from './tlog-proof.ts'

/** The proof of one record of a case; its blob, key and time stamp lie beside it, once for all. */
export interface CaseProof {
  readonly inclusion: Inclusion
  /** Of the record in the blob, from 0. */
  readonly line: number
}

/** A proof that tools for [C2SP tlog-proof](https://c2sp.org/tlog-proof) read as well. */
export const caseProofText = ({ inclusion: { leaf, ...inclusion }, line }: CaseProof): string =>
  tlogProofText({
    ...inclusion,
    extra: Buffer.from(JSON.stringify({ line, leaf: leaf.toString('utf8') })),
  })

function parseExtra(extra: Buffer): { readonly line: number; readonly leaf: string } | undefined {
  try {
    const { line, leaf }: { line?: unknown; leaf?: unknown } = JSON.parse(extra.toString('utf8'))
    return typeof leaf === 'string' && typeof line === 'number' && Number.isSafeInteger(line) && line >= 0
      ? { line, leaf }
      : undefined
  } catch {
    return undefined
  }
}

/** Parses the proof of a record of a case; `undefined` if it is none. */
export function parseCaseProof(content: Buffer): CaseProof | undefined {
  const proof = parseTlogProof(content.toString('utf8').replaceAll('\r\n', '\n'))
  const extra = proof?.extra === undefined ? undefined : parseExtra(proof.extra)
  if (proof === undefined || extra === undefined) return undefined
  const { index, path, checkpoint } = proof
  return { inclusion: { index, path, checkpoint, leaf: Buffer.from(extra.leaf) }, line: extra.line }
}

/** The blob that a proof is about; `undefined` if its leaf is about none. */
export function blobOfProof({ inclusion }: CaseProof): string | undefined {
  const leaf = parseLeaf(inclusion.leaf)
  return leaf?.type === 'archive' ? leaf.name : undefined
}

/** With what lies beside it, a proof of a case is one that needs nothing else. */
export function wholeProof(
  { inclusion, line }: CaseProof,
  blob: Buffer,
  key: VerifierKey | undefined,
  timestamp: Buffer | undefined,
): RecordProof {
  const lines = [...linesOf(contentOf(blob) ?? Buffer.alloc(0))]
  return { ...inclusion, line: lines[line] ?? Buffer.alloc(0), blob, key, timestamp }
}
