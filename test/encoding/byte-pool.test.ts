import { expect, test } from 'vitest'
import { BytePool } from '../../shared/encoding/byte-pool.ts'
import { ByteWriter } from '../../shared/encoding/byte-writer.ts'

const KILOBYTE = 1024
const words = (pool: BytePool, text: string): ByteWriter => {
  const writer = new ByteWriter(100 * KILOBYTE, pool)
  writer.text(text)
  return writer
}

test('released memory is reused, also for slightly larger or smaller requests', () => {
  const pool = new BytePool(1024 * KILOBYTE)
  const first = pool.take(100 * KILOBYTE)
  pool.give(first)
  expect(pool.take(90 * KILOBYTE)).toBe(first)
  expect(pool.take(100 * KILOBYTE)).not.toBe(first)
})

test('writers that are in use have nothing in common', () => {
  const pool = new BytePool(1024 * KILOBYTE)
  words(pool, 'before').release()
  const [one, other] = [words(pool, 'one'), words(pool, 'other')]
  expect([one, other].map((writer) => writer.since(0).toString())).toEqual(['one', 'other'])
})

test('more than is to be kept goes back to the system, the oldest first', () => {
  const pool = new BytePool(256 * KILOBYTE)
  const [small, another, large] = [128, 128, 256].map((size) => pool.take(size * KILOBYTE))
  for (const memory of [small, another]) pool.give(memory as Buffer)
  pool.give(pool.take(512 * KILOBYTE))
  expect(pool.take(128 * KILOBYTE)).toBe(another)
  pool.give(another as Buffer)
  pool.give(large as Buffer)
  expect(pool.take(256 * KILOBYTE)).toBe(large)
  expect([small, another]).not.toContain(pool.take(128 * KILOBYTE))
})

test('a writer that has given its memory back can neither be read nor written', () => {
  const writer = words(new BytePool(1024 * KILOBYTE), 'text')
  writer.release()
  expect(() => writer.since(0)).toThrow(/after its release/)
  expect(() => writer.bytes[0]).toThrow(/after its release/)
  expect(() => writer.text('more')).toThrow(/after its release/)
  expect(() => writer.byte(0)).toThrow(/after its release/)
  const other = words(new BytePool(1024 * KILOBYTE), 'text')
  expect(() => writer.copy(other, 0, 1)).toThrow(/after its release/)
  expect(() => other.copy(writer, 0, 1)).toThrow(/outside the bounds/)
})
