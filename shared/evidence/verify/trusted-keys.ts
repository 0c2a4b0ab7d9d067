import type { SignedCheckpoint } from '../checkpoint.ts'
import type { KeyLeaf, Leaf } from '../leaf.ts'
import { parseBase64, type VerifierKey, verifierKeyOf, verifyNote } from '../note.ts'

/** A key leaf with its place in the log. */
export interface AnnouncedKey {
  readonly index: number
  readonly leaf: KeyLeaf
}

export const announcedKeys = (leaves: readonly (Leaf | undefined)[]): readonly AnnouncedKey[] =>
  leaves.flatMap((leaf, index) => (leaf?.type === 'key' ? [{ index, leaf }] : []))

/** The key that a leaf announces; `undefined` if it is malformed. */
export const verifierOf = ({ leaf }: AnnouncedKey): VerifierKey | undefined => {
  const spki = parseBase64(leaf.publicKey)
  return spki === undefined ? undefined : verifierKeyOf(leaf.name, spki)
}

/**
 * Keys that signatures may be checked with: those given, and those announced by leaves under a
 * checkpoint that such a key signed. With none given, the first key that the log announces.
 */
export function trustedKeys(
  given: readonly Buffer[],
  announced: readonly AnnouncedKey[],
  checkpoints: readonly SignedCheckpoint[],
): readonly VerifierKey[] {
  const origins = new Set(checkpoints.map(({ origin }) => origin))
  const first = announced[0] === undefined ? undefined : verifierOf(announced[0])
  const trusted: VerifierKey[] =
    given.length > 0
      ? given.flatMap((spki) => [...origins].map((origin) => verifierKeyOf(origin, spki)))
      : first === undefined
        ? []
        : [first]
  const isTrusted = (key: VerifierKey) =>
    trusted.some((one) => one.keyId === key.keyId && one.name === key.name)
  for (let grew = true; grew; ) {
    grew = false
    const signed = checkpoints.filter(({ note }) => verifyNote(note, trusted).status === 'signed')
    const size = Math.max(0, ...signed.map((one) => one.size))
    for (const one of announced) {
      const key = verifierOf(one)
      if (one.index >= size || key === undefined || isTrusted(key)) continue
      trusted.push(key)
      grew = true
    }
  }
  return trusted
}
