import { hash } from 'node:crypto'
import { parseLine } from '../../archive/parse-line.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { contentOf } from '../blob-content.ts'
import { parseCheckpoint } from '../checkpoint.ts'
import { type ArchiveLeaf, parseLeaf } from '../leaf.ts'
import { leafHash } from '../merkle.ts'
import { isIncluded } from '../merkle-proof.ts'
import { keyIdOf, verifierKeyOf, verifyNote } from '../note.ts'
import { checkBlob } from './blob-check.ts'
import type { RecordProof } from './proof.ts'

/** What a proof was checked for, in this order. */
export const PROOF_STEPS = {
  record: 'the record, its event and its digest are in a line of the blob',
  blob: 'the blob is the one of the leaf',
  inclusion: 'the leaf is in the log of the checkpoint',
  signature: 'the checkpoint is signed by the key',
  timestamp: 'the time stamp is of the checkpoint',
} as const

export type ProofStep = keyof typeof PROOF_STEPS

/** What a proof proves. */
export interface CheckedProof {
  readonly steps: readonly { readonly step: ProofStep; readonly holds: boolean }[]
  readonly isProven: boolean
  readonly eventId: string | undefined
  readonly enqueuedAt: string | undefined
  readonly blob: string | undefined
  readonly origin: string | undefined
  readonly keyId: string | undefined
}

function lineFacts(line: Buffer, leaf: ArchiveLeaf) {
  try {
    const parsed = parseLine(line, leaf.name, 0)
    return {
      eventId: parsed.kind === 'event' ? parsed.event.eventId : undefined,
      enqueuedAt: isoInstant(parsed.position.enqueuedAt),
    }
  } catch {
    return undefined
  }
}

/** Whether the line stands in the blob, between line feeds. */
const holdsLine = (content: Buffer, line: Buffer): boolean => {
  for (let at = content.indexOf(line); at !== -1; at = content.indexOf(line, at + 1)) {
    const isStart = at === 0 || content[at - 1] === 0x0a
    const after = content[at + line.byteLength]
    if (isStart && (after === 0x0a || after === undefined)) return true
  }
  return false
}

/**
 * Checks the proof of a record, with nothing else.
 * @param keys DER of keys to trust; with none, the key in the proof
 */
export function checkProof(proof: RecordProof, keys: readonly Buffer[] = []): CheckedProof {
  const leaf = parseLeaf(proof.leaf)
  const sealed = leaf?.type === 'archive' ? leaf : undefined
  const checkpoint = parseCheckpoint(proof.checkpoint)
  const content = contentOf(proof.blob)
  const checked =
    sealed === undefined
      ? undefined
      : checkBlob({ name: sealed.name, stored: proof.blob, sealed, isShared: false })
  const facts = sealed === undefined ? undefined : lineFacts(proof.line, sealed)
  const trusted =
    keys.length > 0 && checkpoint !== undefined
      ? keys.map((spki) => verifierKeyOf(checkpoint.origin, spki))
      : proof.key === undefined
        ? []
        : [proof.key]
  const steps: { step: ProofStep; holds: boolean }[] = [
    {
      step: 'record',
      holds:
        facts !== undefined &&
        proof.line.byteLength > 0 &&
        content !== undefined &&
        holdsLine(content, proof.line),
    },
    { step: 'blob', holds: checked !== undefined && checked.findings.length === 0 },
    {
      step: 'inclusion',
      holds:
        checkpoint !== undefined &&
        isIncluded(
          { leaf: leafHash(proof.leaf), index: proof.index, size: checkpoint.size, proof: proof.path },
          checkpoint.root,
        ),
    },
    {
      step: 'signature',
      holds: checkpoint !== undefined && verifyNote(checkpoint.note, trusted).status === 'signed',
    },
  ]
  if (proof.timestamp !== undefined)
    steps.push({
      step: 'timestamp',
      holds: proof.timestamp.includes(hash('sha256', proof.checkpoint, 'buffer')),
    })
  const key = proof.key?.spki
  return {
    steps,
    isProven: steps.every(({ holds }) => holds),
    eventId: facts?.eventId,
    enqueuedAt: facts?.enqueuedAt,
    blob: sealed?.name,
    origin: checkpoint?.origin,
    keyId: key === undefined ? undefined : keyIdOf(key),
  }
}
