import { Constants } from '../domain/constants.ts'
import { type EventSpace, SpanTable } from '../domain/event-fields.ts'
import type { BytePool } from '../encoding/byte-pool.ts'
import { ByteWriter } from '../encoding/byte-writer.ts'
import { Fields } from './fields.ts'
import { MemberTape } from './member-tape.ts'

/** Buffers shared by the events of a chunk. */
export interface EventMemory extends EventSpace {
  readonly constants: Constants
  /** Of the current record, and of its properties. */
  readonly outer: Fields
  readonly properties: Fields
  /** Scratch space for the current message. */
  readonly tape: MemberTape
}

/** Typical bytes per event in this memory, its body included. */
const USUAL_BYTES_PER_EVENT = 6144

/** Memory for the body, its events' JSON, encodings for two sinks, and rewritten values. */
export const BYTES_PER_BODY_BYTE = 6

/** Returns a function that copies a body into memory on its first call, and gives its offset. */
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

/** @param pool source of the memory; default: newly allocated */
export function eventMemory(expectedBytes: number, pool?: BytePool): EventMemory {
  const memory = new ByteWriter(expectedBytes, pool)
  return {
    memory,
    spans: new SpanTable(Math.ceil(expectedBytes / USUAL_BYTES_PER_EVENT)),
    constants: new Constants(memory),
    outer: new Fields(memory, ''),
    properties: new Fields(memory, 'properties.'),
    tape: new MemberTape(),
  }
}
