import type { ByteWriter } from '../encoding/byte-writer.ts'
import type { Json } from '../encoding/json.ts'
import type { EventFields, Slot } from './event-fields.ts'

interface Place {
  readonly start: number
  readonly end: number
}

/** Values shared by many events in one buffer, each written once. Lists match by identity. */
export class Constants {
  readonly #memory: ByteWriter
  readonly #places = new Map<Json, Place>()

  constructor(memory: ByteWriter) {
    this.#memory = memory
  }

  set(event: EventFields, slot: Slot, value: Json): void {
    const { start, end } = this.#places.get(value) ?? this.#written(value)
    event.set(slot, start, end)
  }

  #written(value: Json): Place {
    const start = this.#memory.length
    this.#memory.text(JSON.stringify(value))
    const place = { start, end: this.#memory.length }
    this.#places.set(value, place)
    return place
  }
}
