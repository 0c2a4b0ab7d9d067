import type { RecordLineBase } from '../../archive/archive-line.ts'
import type { Digest } from '../../encoding/digest.ts'

/** Digests of the records of a blob, by sequence number and ordinal. */
export type RecordDigests = ReadonlyMap<string, string>

/** A record of a blob: where it is, and the digest of its bytes. */
export interface PlacedRecord extends Pick<RecordLineBase, 'position' | 'ordinal'> {
  readonly digest: Digest
}

export const placeOf = ({ position, ordinal }: PlacedRecord): string =>
  `${position.sequenceNumber}:${ordinal}`

const isAfter = (one: PlacedRecord, other: PlacedRecord | undefined): boolean => {
  if (other === undefined) return true
  const behind = one.position.sequenceNumber - other.position.sequenceNumber
  return behind > 0 || (behind === 0 && one.ordinal > other.ordinal)
}

/** The records of a blob by their places, which are in ascending order unless someone changed them. */
export class RecordPlaces {
  readonly #records: PlacedRecord[] = []
  /** Made once it is needed: it would cost as much as comparing the lines. */
  #digests: Map<string, string> | undefined

  /** @returns false if a record of this place is there already; the later one counts */
  add(record: PlacedRecord): boolean {
    if (this.#digests === undefined && isAfter(record, this.#records.at(-1))) {
      this.#records.push(record)
      return true
    }
    const digests = this.#byPlace()
    const place = placeOf(record)
    const isNew = !digests.has(place)
    digests.set(place, record.digest)
    return isNew
  }

  get digests(): RecordDigests {
    return this.#byPlace()
  }

  #byPlace(): Map<string, string> {
    this.#digests ??= new Map(this.#records.map((record) => [placeOf(record), record.digest]))
    return this.#digests
  }
}
