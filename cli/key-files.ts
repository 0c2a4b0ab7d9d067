import type { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type ContainerPolicy, parsePolicy } from '../shared/evidence/verify/container-policy.ts'
import { parsePublicKey } from '../shared/evidence/verify/parse-public-key.ts'
import { parseCertificates } from '../shared/evidence/verify/timestamp-check.ts'
import { utf8Of } from './read-text.ts'
import { CannotRunError } from './usage-error.ts'

/**
 * A file of text, as UTF-8.
 * @throws CannotRunError if the file cannot be read
 */
export const readInput = async (path: string): Promise<Buffer> => utf8Of(await readBytes(path))

/** @throws CannotRunError if the file cannot be read */
export const readBytes = (path: string): Promise<Buffer> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CannotRunError(`Reading ${path}: ${error.code ?? 'it failed'}.`)
  })

/**
 * Public keys in files, DER.
 * @throws CannotRunError if one is not a P-256 public key
 */
export async function keysIn(paths: readonly string[]): Promise<readonly Buffer[]> {
  const keys: Buffer[] = []
  for (const path of paths) {
    const key = parsePublicKey((await readInput(path)).toString('utf8'))
    if (key === undefined)
      throw new CannotRunError(
        `${path}: expected a P-256 public key, as PEM or as the verifier key of notes.`,
      )
    keys.push(key)
  }
  return keys
}

/**
 * Certificates in files of PEM.
 * @throws CannotRunError if a file holds none, or a malformed one
 */
export async function certificatesIn(paths: readonly string[]): Promise<readonly X509Certificate[]> {
  const certificates: X509Certificate[] = []
  for (const path of paths) {
    const found = parseCertificates((await readInput(path)).toString('latin1'))
    if (found === undefined) throw new CannotRunError(`${path}: expected certificates, as PEM.`)
    certificates.push(...found)
  }
  return certificates
}

/**
 * Immutability policies of containers, as `az` prints them.
 * @throws CannotRunError if a file holds none
 */
export async function policiesIn(paths: readonly string[]): Promise<readonly ContainerPolicy[]> {
  const policies: ContainerPolicy[] = []
  for (const path of paths) {
    const policy = parsePolicy(await readInput(path))
    if (policy === undefined)
      throw new CannotRunError(
        `${path}: expected what \`az storage container immutability-policy show\` prints as JSON.`,
      )
    policies.push(policy)
  }
  return policies
}

export const KEY_OPTION = {
  type: 'string',
  value: 'FILE',
  multiple: true,
  help: 'public key to trust, PEM; may be repeated',
} as const
