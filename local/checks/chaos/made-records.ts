import { createHash } from 'node:crypto'

const keyOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('base64')

/** What a maker of messages knows: the records that are whole in each. */
export class MadeRecords {
  readonly #byBody = new Map<string, readonly string[]>()

  /** @returns the body */
  note(body: Uint8Array, records: readonly string[]): Uint8Array {
    this.#byBody.set(keyOf(body), records)
    return body
  }

  /** Their exact texts, in their order; none for a body that it did not make. */
  in(body: Uint8Array): readonly string[] {
    return this.#byBody.get(keyOf(body)) ?? []
  }
}
