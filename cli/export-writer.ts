import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { CannotRunError } from './usage-error.ts'

const BLOCK_BYTES = 256 * 1024

/** A file as it was written. */
export interface WrittenFile {
  readonly bytes: number
  /** SHA-256, hex. */
  readonly sha256: string
}

/** Writes a file block by block, and hashes it on the way. */
export class FileWriter {
  readonly #file: FileHandle
  readonly #path: string
  readonly #hash: Hash = createHash('sha256')
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #bytes = 0

  private constructor(file: FileHandle, path: string) {
    this.#file = file
    this.#path = path
  }

  /**
   * Creates a file for its owner only: records are about identities at risk.
   * @throws CannotRunError if there is one of this name, or it cannot be made
   */
  static async create(path: string): Promise<FileWriter> {
    return new FileWriter(await open(path, 'wx', 0o600).catch(cannotWrite(path)), path)
  }

  async write(content: string | Uint8Array): Promise<void> {
    const block = typeof content === 'string' ? Buffer.from(content) : content
    this.#waiting.push(block)
    this.#waitingBytes += block.byteLength
    if (this.#waitingBytes >= BLOCK_BYTES) await this.#flush()
  }

  async end(): Promise<WrittenFile> {
    await this.#flush()
    await this.#file.sync().catch(cannotWrite(this.#path))
    await this.close()
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  /** Closes the file as it is. */
  async close(): Promise<void> {
    await this.#file.close().catch(cannotWrite(this.#path))
  }

  async #flush(): Promise<void> {
    const block = Buffer.concat(this.#waiting)
    this.#waiting = []
    this.#waitingBytes = 0
    this.#hash.update(block)
    this.#bytes += block.byteLength
    await this.#file.writeFile(block).catch(cannotWrite(this.#path))
  }
}

/** Writes one small file whole. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<WrittenFile> {
  const file = await FileWriter.create(path)
  await file.write(content)
  return file.end()
}

export const cannotWrite =
  (path: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new CannotRunError(
      error.code === 'EEXIST'
        ? `${path} exists already: choose another name.`
        : `Writing ${path}: ${error.code ?? 'it failed'}.`,
    )
  }
