import type { Files } from './sealed-copy.ts'

/** The first file in the order of names whose path is like this. */
export function nameIn(files: Files, pattern: RegExp): string {
  const name = [...files.keys()].sort().find((one) => pattern.test(one))
  if (name === undefined) throw new Error(`no file like ${pattern}`)
  return name
}

export const contentIn = (files: Files, pattern: RegExp): Buffer =>
  files.get(nameIn(files, pattern)) as Buffer

export function edit(files: Files, pattern: RegExp, change: (content: Buffer) => Buffer): void {
  files.set(nameIn(files, pattern), change(contentIn(files, pattern)))
}

/** Flips the last bit of the byte at this place. */
export const flip =
  (place: number) =>
  (content: Buffer): Buffer => {
    const changed = Buffer.from(content)
    const at = place % content.length
    changed[at] = (changed[at] ?? 0) ^ 1
    return changed
  }
