import { parseLeaf } from '../../shared/evidence/leaf.ts'
import type { LogStore } from '../../shared/evidence/log-store.ts'
import { newestBundles } from '../../shared/evidence/seal/newest-leaves.ts'

/** Which archive blobs the log has, and which wait for the next seal. */
export class SealedBlobs {
  readonly #sealed = new Set<string>()
  readonly #waiting = new Set<string>()
  #size = 0

  /** Archive blobs that are not in the log. */
  get unsealed(): number {
    return this.#waiting.size
  }

  /** Takes note of a blob of the archive. */
  archived(name: string): void {
    if (!this.#sealed.has(name)) this.#waiting.add(name)
  }

  /**
   * Reads the leaves that came since the last time.
   * @param size of the log now
   * @throws EvidenceError if its entries are missing or not whole
   */
  async follow(log: Pick<LogStore, 'read'>, size: number): Promise<void> {
    let index = size
    for await (const entries of newestBundles(log, size)) {
      if (index <= this.#size) break
      index -= entries.length
      for (const entry of entries) {
        const leaf = parseLeaf(entry)
        if (leaf?.type !== 'archive' && leaf?.type !== 'unreadable') continue
        this.#sealed.add(leaf.name)
        this.#waiting.delete(leaf.name)
      }
    }
    this.#size = size
  }
}
