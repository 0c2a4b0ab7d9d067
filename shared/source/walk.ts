import type { ByteWriter } from '../encoding/byte-writer.ts'
import { MemberTape } from './member-tape.ts'
import { ValueCheck } from './value-check.ts'

/** The members of an object, as a range of a tape. */
export interface Walk {
  readonly tape: MemberTape
  /** Index of the object's first member. */
  readonly from: number
  /** End of the range, exclusive. Members of other levels may be in it. */
  readonly to: number
  /** Level of the object's members. */
  readonly level: number
  /** Added to the tape's offsets. */
  readonly base: number
}

/** Records the members of an object without lenient values; `undefined` if it is not JSON. */
export function walkAt(bytes: Buffer, start: number, end: number): Walk | undefined {
  const tape = new MemberTape()
  const isWhole = new ValueCheck(bytes.subarray(start, end), tape).end(0) === end - start
  return isWhole ? { tape, from: 0, to: tape.length, level: 1, base: start } : undefined
}

/** Appends an object's JSON to memory, and records its members. */
export function walkOf(memory: ByteWriter, json: string): Walk {
  const start = memory.length
  memory.text(json)
  const tape = new MemberTape()
  new ValueCheck(memory.bytes.subarray(start, memory.length), tape).end(0)
  return { tape, from: 0, to: tape.length, level: 1, base: start }
}
