import { expect, test } from 'vitest'
import { instant } from '../../shared/domain/identifiers.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import { digest, sha256Hex } from '../../shared/encoding/digest.ts'

test('an instant is written with milliseconds and as UTC', () => {
  expect(isoInstant(instant(0))).toBe('1970-01-01T00:00:00.000Z')
  expect(isoInstant(instant(1_778_060_467_215))).toBe('2026-05-06T09:41:07.215Z')
  expect(isoInstant(instant(-62_135_596_800_000))).toBe('0001-01-01T00:00:00.000Z')
})

test('a digest is the SHA-256 of bytes, or of the UTF-8 bytes of a text', () => {
  const ofAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(sha256Hex('abc')).toBe(ofAbc)
  expect(digest(Buffer.from('abc'))).toBe(`sha256:${ofAbc}`)
  expect(sha256Hex('é€😀')).toBe(sha256Hex(Buffer.from('é€😀', 'utf8')))
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})
