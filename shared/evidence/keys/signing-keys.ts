/** A public key that this deployment can sign with. */
export interface LogKey {
  /** DER, SubjectPublicKeyInfo, P-256. */
  readonly spki: Buffer
  /** Where the key can be found: a Key Vault key id with its version, or `local`. */
  readonly location: string
}

/** Whoever holds the private keys. What they hold is never taken from the log. */
export interface SigningKeys {
  /** The key to sign with from now on. */
  current(): Promise<LogKey>
  /** The key of this id, current or former; `undefined` if it is not held here. */
  find(keyId: string): Promise<LogKey | undefined>
  /** @returns the ES256 signature of the text, ASN.1 DER */
  sign(key: LogKey, text: Buffer): Promise<Buffer>
}
