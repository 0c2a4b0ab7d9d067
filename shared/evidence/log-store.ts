/** What became of a blob that is written once. */
export type Created = 'written' | 'alreadyThere' | 'other'

/** Where the log is kept. Names are those of `log-layout.ts`. */
export interface LogStore {
  /** @returns `undefined` if there is no such blob */
  read(name: string): Promise<Buffer | undefined>
  /**
   * Writes a blob unless there is one of this name.
   * @returns `alreadyThere`: with this content; `other`: with another
   */
  create(name: string, content: Buffer): Promise<Created>
  /** Writes a blob, or writes it again: what is a pure function of the commits. */
  put(name: string, content: Buffer): Promise<void>
  /**
   * Overwrites a blob, unless what is there is newer.
   * @param isNewer whether an existing content must stay
   */
  advance(name: string, content: Buffer, isNewer: (existing: Buffer) => Promise<boolean>): Promise<void>
  /** Names with this prefix, in ascending order. */
  names(prefix: string): AsyncIterable<string>
}
