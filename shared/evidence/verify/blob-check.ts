import type { ArchiveLine } from '../../archive/archive-line.ts'
import { NewerVersionError } from '../../domain/newer-version-error.ts'
import { type Digest, digest } from '../../encoding/digest.ts'
import { type CountedLine, describeBlob, parsedLine } from '../describe-blob.ts'
import { type ArchiveLeaf, leafBytes, type UnreadableLeaf } from '../leaf.ts'
import type { Finding } from './finding.ts'
import { type PlacedRecord, placeOf, type RecordDigests, RecordPlaces } from './record-places.ts'
import { NOTHING_REDERIVED, Rederivation, type Rederived } from './rederive.ts'
import { Rereading } from './rereading.ts'

/** A blob to be checked. */
export interface BlobTask {
  readonly name: string
  readonly stored: Buffer
  /** `undefined` if it is not in the log. */
  readonly sealed: ArchiveLeaf | UnreadableLeaf | undefined
  /** Whether the digests of its records are compared with those of other blobs. */
  readonly isShared: boolean
}

/** What is in the stored bytes of a blob. */
export interface CheckedBlob {
  /** As sealing would describe it now. */
  readonly found: ArchiveLeaf | UnreadableLeaf | undefined
  readonly findings: readonly Finding[]
  readonly digests: RecordDigests
  readonly rederived: Rederived
}

type RecordLine = Exclude<ArchiveLine, { kind: 'skipped' }>

interface LineFacts {
  readonly stated: string
  readonly actual: Digest
  readonly problem: string | undefined
}

function factsOf(line: RecordLine, bytes: Buffer): LineFacts {
  switch (line.kind) {
    case 'event': {
      const stated = statedIn(bytes)
      const actual = digest(line.record)
      const { eventId } = line.event
      return {
        stated: stated.digest,
        actual,
        problem: eventId === stated.eventId ? undefined : 'eventId',
      }
    }
    case 'fault':
      return { stated: line.digest, actual: digest(line.record), problem: undefined }
    case 'unsplit':
      return {
        stated: line.bodyDigest,
        actual: digest(line.body),
        problem: line.body.byteLength === line.bodyBytes ? undefined : 'bodyBytes',
      }
  }
}

/** Digest and event id as the line tells them, before its event. */
function statedIn(line: Buffer): { readonly digest: string; readonly eventId: string } {
  const head = line.toString('utf8', 0, line.indexOf(',"event":'))
  return {
    digest: /,"digest":"(sha256:[0-9a-f]{64})"/.exec(head)?.[1] ?? '',
    eventId: /,"eventId":"([^"]*)"/.exec(head)?.[1] ?? '',
  }
}

/** Lines of a blob of which verification says what does not follow from the record. */
const MAX_NAMED = 10

/** Compares every record of a blob with its digest, and with the event made of it. */
class RecordChecks {
  readonly findings: Finding[] = []
  readonly #rederivation: Rederivation
  readonly #named: string[] = []
  #same = 0
  #other = 0
  readonly #places = new RecordPlaces()
  readonly #name: string

  constructor(name: string, rereading: Rereading) {
    this.#name = name
    this.#rederivation = new Rederivation(rereading)
  }

  /** Parses a line only if it is not what this program writes of its record. */
  read(bytes: Buffer, number: number): CountedLine | undefined {
    const same = this.#rederivation.same(bytes)
    if (same !== undefined) {
      this.#add(same, number)
      this.#same += 1
      return same
    }
    const line = parsedLine(bytes, this.#name, number)
    if (line !== undefined && line.kind !== 'skipped') this.#check(line, bytes, number)
    return line
  }

  #add(record: PlacedRecord, number: number): void {
    if (!this.#places.add(record)) this.#bad(number, `record ${placeOf(record)} is there twice`)
  }

  #check(line: RecordLine, bytes: Buffer, number: number): void {
    const facts = factsOf(line, bytes)
    const { position, ordinal } = line
    this.#add({ position, ordinal, digest: facts.actual }, number)
    if (facts.actual !== facts.stated) this.#bad(number, 'the record is not that of its digest')
    else if (facts.problem !== undefined) this.#bad(number, `${facts.problem} does not fit the record`)
    else if (line.kind === 'event' || line.kind === 'fault') this.#rederive(line, bytes, number, facts.actual)
  }

  get digests(): RecordDigests {
    return this.#places.digests
  }

  get rederived(): Rederived {
    return { same: this.#same, other: this.#other, named: this.#named }
  }

  #rederive(line: ArchiveLine, bytes: Buffer, number: number, actual: Digest): void {
    const differing = this.#rederivation.differingIn(line, bytes, actual)
    if (differing.length === 0) {
      this.#same += 1
      return
    }
    this.#other += 1
    if (this.#named.length < MAX_NAMED) this.#named.push(`line ${number + 1}: ${differing.join(', ')}`)
  }

  #bad(number: number, detail: string): void {
    this.findings.push({
      class: 'RECORD_CHANGED',
      subject: this.#name,
      detail: `line ${number + 1}: ${detail}`,
    })
  }
}

const NO_DIGESTS: RecordDigests = new Map()

const changed = (
  name: string,
  stored: Buffer,
  sealed: ArchiveLeaf | UnreadableLeaf,
  found: ArchiveLeaf | UnreadableLeaf,
): Finding => {
  const isLonger =
    stored.byteLength > sealed.bytes && digest(stored.subarray(0, sealed.bytes)) === sealed.digest
  if (isLonger)
    return { class: 'TRAILING_DATA', subject: name, detail: `${stored.byteLength - sealed.bytes} bytes` }
  const isSameContent =
    sealed.type === 'archive' && found.type === 'archive' && found.contentDigest === sealed.contentDigest
  return {
    class: 'BLOB_CHANGED',
    subject: name,
    detail: isSameContent
      ? 'compressed anew: its content is what was sealed'
      : `${stored.byteLength} bytes, ${sealed.bytes} were sealed`,
  }
}

/** Whether a blob still has the content that was sealed, if also compressed anew or with more. */
export const holdsSealed = (sealed: ArchiveLeaf, { found, findings }: CheckedBlob): boolean =>
  // Of a later version: not known to be changed.
  found === undefined ||
  (found.type === 'archive' && found.contentDigest === sealed.contentDigest) ||
  findings.some((one) => one.class === 'TRAILING_DATA')

/**
 * Compares a blob with its leaf, and its records with their digests.
 * @param rereading one for many blobs
 */
export function checkBlob(
  { name, stored, sealed, isShared }: BlobTask,
  rereading = new Rereading(),
): CheckedBlob {
  const records = new RecordChecks(name, rereading)
  let found: ArchiveLeaf | UnreadableLeaf
  try {
    found = describeBlob(name, stored, (bytes, _, number) => records.read(bytes, number))
  } catch (error) {
    if (!(error instanceof NewerVersionError)) throw error
    return {
      found: undefined,
      digests: NO_DIGESTS,
      rederived: NOTHING_REDERIVED,
      findings: [{ class: 'UNKNOWN_LEAF', subject: name, detail: error.message }],
    }
  }
  if (sealed !== undefined && !(found.bytes === sealed.bytes && found.digest === sealed.digest))
    return {
      found,
      digests: NO_DIGESTS,
      rederived: NOTHING_REDERIVED,
      findings: [changed(name, stored, sealed, found)],
    }
  if (found.type === 'unreadable')
    return {
      found,
      digests: NO_DIGESTS,
      rederived: NOTHING_REDERIVED,
      findings: [
        sealed === undefined
          ? { class: 'BLOB_CHANGED', subject: name, detail: 'not an archive blob of this name' }
          : { class: 'SEALED_UNREADABLE', subject: name, detail: `${stored.byteLength} bytes` },
      ],
    }
  if (sealed !== undefined && !leafBytes(sealed).equals(leafBytes(found)))
    return {
      found,
      digests: NO_DIGESTS,
      rederived: NOTHING_REDERIVED,
      findings: [{ class: 'RECORD_CHANGED', subject: name, detail: 'its leaf counts something else' }],
    }
  const { findings, rederived } = records
  return { found, findings, digests: isShared ? records.digests : NO_DIGESTS, rederived }
}
