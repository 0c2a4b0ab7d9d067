import { mkdir, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'

/** A stored request, for inspection. */
export interface KeptRequest {
  /** From 1, in order of storage. */
  readonly number: number
  readonly headers: IncomingHttpHeaders
  /** After gunzip. */
  readonly body: Buffer
}

const MAX_REQUESTS = 64
const MAX_BYTES = 32_000_000

/** Headers that hold a secret, and are not written to disk. */
const SECRET_HEADERS = new Set(['authorization', 'x-goog-api-key', 'x-webhook-access-key'])

const shown = (headers: IncomingHttpHeaders): string =>
  `${JSON.stringify(headers, (name, value: string) => (SECRET_HEADERS.has(name) ? '…' : value), 2)}\n`

/** The latest requests, bounded in number and bytes; in a folder, all of them. */
export class KeptRequests {
  readonly #directory: string | undefined
  readonly #latest: KeptRequest[] = []
  #bytes = 0
  #count = 0

  /** @param directory for `<n>.body` and `<n>.headers.json`; created if missing */
  constructor(directory: string | undefined) {
    this.#directory = directory
  }

  get latest(): readonly KeptRequest[] {
    return this.#latest
  }

  async keep(headers: IncomingHttpHeaders, body: Buffer): Promise<void> {
    this.#count += 1
    const number = this.#count
    this.#latest.push({ number, headers, body })
    this.#bytes += body.length
    while (this.#latest.length > MAX_REQUESTS || (this.#bytes > MAX_BYTES && this.#latest.length > 1)) {
      this.#bytes -= this.#latest.shift()?.body.length ?? 0
    }
    if (this.#directory === undefined) return
    await mkdir(this.#directory, { recursive: true })
    await writeFile(join(this.#directory, `${number}.body`), body)
    await writeFile(join(this.#directory, `${number}.headers.json`), shown(headers))
  }
}
