import type { ByteWriter } from '../encoding/byte-writer.ts'
import { MemberTape } from './member-tape.ts'
import { ValueCheck } from './value-check.ts'

/** Members of an object on a tape. */
export interface Walk {
  readonly tape: MemberTape
  /** Index of the object's first member, where it has one. */
  readonly from: number
  /** After the last that may be one. */
  readonly to: number
  /** Of the object's members on the tape. */
  readonly level: number
  /** Where the bytes begin that the tape is of. */
  readonly base: number
}

/** Walks over an object; `undefined` where it is not JSON to the letter. */
export function walkAt(bytes: Buffer, start: number, end: number): Walk | undefined {
  const tape = new MemberTape()
  const check = new ValueCheck(bytes.subarray(start, end), tape)
  const isWhole = check.end(0) === end - start && !check.isLenient
  return isWhole ? { tape, from: 0, to: tape.length, level: 1, base: start } : undefined
}

/** Writes the text of an object into memory, and walks over it. */
export function walkOf(memory: ByteWriter, json: string): Walk {
  const start = memory.length
  memory.text(json)
  const tape = new MemberTape()
  new ValueCheck(memory.bytes.subarray(start, memory.length), tape).end(0)
  return { tape, from: 0, to: tape.length, level: 1, base: start }
}
