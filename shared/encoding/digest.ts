import { hash } from 'node:crypto'

declare const brand: unique symbol
/** SHA-256 of exact bytes: `sha256:` and 64 lower-case hex digits. */
export type Digest = string & { readonly [brand]: 'Digest' }

export const digestOf = (value: string): Digest => value as Digest

/** SHA-256 of bytes, or of text in UTF-8: 64 lower-case hex digits. */
export const sha256Hex = (content: string | Uint8Array): string => hash('sha256', content)

/** The digest of bytes, or of text in UTF-8. */
export const digest = (content: string | Uint8Array): Digest => digestOf(`sha256:${sha256Hex(content)}`)

/** The digits of a digest. */
export const digestHex = (of: Digest): string => of.slice(of.indexOf(':') + 1)
