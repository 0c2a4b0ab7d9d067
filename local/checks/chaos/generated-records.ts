import { createHash } from 'node:crypto'

const keyOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('base64')

/** The generator's own knowledge: the intact records of each message. */
export class GeneratedRecords {
  readonly #byBody = new Map<string, readonly string[]>()

  /** @returns the body */
  note(body: Uint8Array, records: readonly string[]): Uint8Array {
    this.#byBody.set(keyOf(body), records)
    return body
  }

  /** Exact texts of the records, in order; empty for a body that it did not make. */
  in(body: Uint8Array): readonly string[] {
    return this.#byBody.get(keyOf(body)) ?? []
  }
}
