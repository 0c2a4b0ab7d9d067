import { Constants } from '../domain/constants.ts'
import { SpanTable } from '../domain/event-fields.ts'
import type { BytePool } from '../encoding/byte-pool.ts'
import { ByteWriter } from '../encoding/byte-writer.ts'
import { MemberTape } from './member-tape.ts'
import { Members } from './members.ts'

/** Memory of the events of a chunk, and what many of them share. */
export interface EventMemory {
  readonly memory: ByteWriter
  readonly spans: SpanTable
  readonly constants: Constants
  /** For the record that is being read, and its properties. */
  readonly members: Members
  readonly innerMembers: Members
  /** For the message that is being read. */
  readonly tape: MemberTape
}

/** What an event takes of a memory that is `BYTES_PER_BODY_BYTE` times its body. */
const USUAL_BYTES_PER_EVENT = 8192

/** A body, its events' JSON, their encodings for two sinks, and what could not be taken as it is. */
export const BYTES_PER_BODY_BYTE = 6

/** Copies a body into memory when it is first asked to, and says where it begins there. */
export function placeOnce({ memory }: EventMemory, body: Uint8Array): () => number {
  let start: number | undefined
  return () => {
    if (start === undefined) {
      start = memory.length
      memory.all(body)
    }
    return start
  }
}

/** @param pool where the memory comes from; default: the system */
export function eventMemory(expectedBytes: number, pool?: BytePool): EventMemory {
  const memory = new ByteWriter(expectedBytes, pool)
  return {
    memory,
    spans: new SpanTable(Math.ceil(expectedBytes / USUAL_BYTES_PER_EVENT)),
    constants: new Constants(memory),
    members: new Members(),
    innerMembers: new Members(),
    tape: new MemberTape(),
  }
}
