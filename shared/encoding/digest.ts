import { hash } from 'node:crypto'

declare const brand: unique symbol
/** `sha256:` and 64 lower-case hex digits, of exact bytes. */
export type Digest = string & { readonly [brand]: 'Digest' }

export const digestOf = (value: string): Digest => value as Digest

/** 64 lower-case hex digits: SHA-256 of bytes, or of a text's UTF-8 bytes. */
export const sha256Hex = (content: string | Uint8Array): string => hash('sha256', content)

/** The digest of exact bytes, in the form in which it is written everywhere. */
export const digest = (content: string | Uint8Array): Digest => digestOf(`sha256:${sha256Hex(content)}`)
