import type { ByteWriter } from '../encoding/byte-writer.ts'
import type { EventFields, Slot } from './event-fields.ts'

interface Place {
  readonly start: number
  readonly end: number
}

/** JSON that many events of one memory share, written once. */
export class Constants {
  readonly #memory: ByteWriter
  readonly #places = new Map<string, Place>()

  constructor(memory: ByteWriter) {
    this.#memory = memory
  }

  set(event: EventFields, slot: Slot, json: string): void {
    const { start, end } = this.#places.get(json) ?? this.#written(json)
    event.set(slot, start, end)
  }

  #written(json: string): Place {
    const start = this.#memory.length
    this.#memory.text(json)
    const place = { start, end: this.#memory.length }
    this.#places.set(json, place)
    return place
  }
}
