import { parsePublicKeyPem, parseVerifierKey } from '../note.ts'

/** The DER of a public key, from PEM or the verifier key of notes; `undefined` for anything else. */
export const parsePublicKey = (text: string): Buffer | undefined =>
  text.startsWith('-----') ? parsePublicKeyPem(text) : parseVerifierKey(text.trim())?.spki
