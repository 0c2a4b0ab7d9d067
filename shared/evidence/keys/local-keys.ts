import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { keyIdOf, publicKeyOf } from '../note.ts'
import type { LogKey, SigningKeys } from './signing-keys.ts'

/** Keys in the settings: for the embedded stack, whose log nobody else must be able to trust. */
export function localKeys(currentPem: string, ...formerPems: readonly string[]): SigningKeys {
  const held = [currentPem, ...formerPems].map((pem) => {
    const privateKey = createPrivateKey(pem)
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
    return { key: { spki, location: 'local' } satisfies LogKey, privateKey }
  })
  const find = (keyId: string) => held.find(({ key }) => keyIdOf(key.spki) === keyId)
  return {
    async current() {
      const [first] = held
      if (first === undefined || publicKeyOf(first.key.spki) === undefined)
        throw new TypeError('The local key is not one of P-256.')
      return first.key
    },
    find: async (keyId) => find(keyId)?.key,
    async sign({ spki }, text) {
      const found = find(keyIdOf(spki))
      if (found === undefined) throw new TypeError('The local key is not held here.')
      return sign('sha256', text, found.privateKey)
    },
  }
}
