const BYTES_PER_WORD = 4

/**
 * Text that is written again and again, as UTF-8. It is kept in words of four bytes: a copy of
 * these takes half the time of one byte by byte.
 */
export class Literal {
  /** In bytes. */
  readonly length: number
  /** Little-endian; the last one is filled up with zeros. */
  readonly words: Int32Array

  constructor(text: string) {
    const bytes = Buffer.from(text)
    const words = Math.ceil(bytes.length / BYTES_PER_WORD)
    const filled = Buffer.concat([bytes], words * BYTES_PER_WORD)
    this.length = bytes.length
    this.words = Int32Array.from({ length: words }, (_, i) => filled.readInt32LE(i * BYTES_PER_WORD))
  }
}
