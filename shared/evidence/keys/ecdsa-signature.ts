import { InvariantError } from '../../domain/invariant-error.ts'
import { DER_SEQUENCE, der, derInteger } from './der.ts'

const PART_BYTES = 32

/**
 * The ASN.1 DER of a P-256 signature, as notes and openssl have it, from the two numbers side by
 * side that Key Vault and JSON Web Signatures have
 * ([RFC 7518, 3.4](https://www.rfc-editor.org/rfc/rfc7518#section-3.4)).
 */
export function derSignature(numbers: Buffer): Buffer {
  if (numbers.length !== 2 * PART_BYTES) throw new InvariantError('a signature that is not ES256')
  return der(
    DER_SEQUENCE,
    derInteger(numbers.subarray(0, PART_BYTES)),
    derInteger(numbers.subarray(PART_BYTES)),
  )
}
