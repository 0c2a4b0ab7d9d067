import { describe, expect, it } from 'vitest'
import { parseLeaseEntity, parseOutboxEntity } from '../../../shared/delivery/outbox/parse-outbox-entity.ts'

const text = (value: string) => ({ type: 'String', value })
const int = (value: number) => ({ type: 'Int32', value })
const long = (value: number) => ({ type: 'Int64', value: String(value) })

const ENQUEUED = 1_772_355_600_123
const KEY = `${String(ENQUEUED).padStart(15, '0')}-${'7'.padStart(20, '0')}-0000003-0123456789abcdef`
const WRITTEN = {
  rowKey: KEY,
  etag: 'the tag',
  timestamp: '2026-03-01T09:00:07.000Z',
  version: int(1),
  blob: text('v1/chunk.jsonl.gz'),
  lines: text('3-5,9'),
  events: int(3),
  enqueuedAtMs: long(ENQUEUED),
  firstTriedAtMs: long(ENQUEUED + 5000),
  attempts: int(2),
  faultCode: text('unavailable'),
  faultMessage: text('down'),
  mode: text('renormalise'),
  isRetry: { type: 'Boolean', value: true },
  lookAgainAtMs: long(ENQUEUED + 9000),
}
const parsed = (change: object) => parseOutboxEntity({ ...WRITTEN, ...change })

describe('a row of the outbox', () => {
  it('is read with all that it says', () => {
    expect(parsed({})).toStrictEqual({
      key: KEY,
      etag: 'the tag',
      writtenAt: Date.UTC(2026, 2, 1, 9, 0, 7),
      blob: 'v1/chunk.jsonl.gz',
      lines: '3-5,9',
      events: 3,
      enqueuedAt: ENQUEUED,
      firstTriedAt: ENQUEUED + 5000,
      attempts: 2,
      lastFault: { code: 'unavailable', message: 'down' },
      mode: 'renormalise',
      isRetry: true,
      lookAgainAt: ENQUEUED + 9000,
    })
  })

  it('is read by its key and its pointer alone, as one that was never tried', () => {
    const { rowKey, etag, version, blob, lines } = WRITTEN
    expect(parseOutboxEntity({ rowKey, etag, version, blob, lines })).toStrictEqual({
      key: KEY,
      etag: 'the tag',
      blob: 'v1/chunk.jsonl.gz',
      lines: '3-5,9',
      events: 4,
      enqueuedAt: ENQUEUED,
      firstTriedAt: ENQUEUED,
      attempts: 0,
    })
  })

  it('whose fault is of no known code, or has no text, was tried all the same', () => {
    expect(parsed({ faultCode: text('gremlins'), faultMessage: undefined })).toMatchObject({
      lastFault: { code: 'internalFault', message: '' },
    })
  })

  it.each([
    ['a later version', { version: int(2) }],
    ['a later version, whatever its key', { version: int(2), rowKey: 'x' }],
    ['a mode that is not known yet', { mode: text('sideways') }],
  ])('is left alone that has %s', (_, change) => {
    expect(parsed(change)).toBe('newer')
  })

  it.each<readonly [string, object]>([
    ['no version', { version: undefined }],
    ['no version and an unknown mode', { version: undefined, mode: text('sideways') }],
    ['an earlier version', { version: int(0) }],
    ['a mode that is no text', { mode: int(1) }],
    ['no key', { rowKey: undefined }],
    ['a key with something before it', { rowKey: `x${KEY}` }],
    ['a key with something behind it', { rowKey: `${KEY}0` }],
    ['no blob', { blob: undefined }],
    ['no lines', { lines: undefined }],
    ['lines that are none', { lines: text('9-3') }],
    ...[
      '',
      'v1',
      'v1/',
      'x/v1/a',
      '/v1/a',
      'v/a',
      'v1//a',
      'v1/a/',
      'v1/a\\b',
      'v1/a\nb',
      'v1/\ud800',
      'v1/.',
      'v1/..',
      'v1/./a',
      'v1/../a',
      'v1/a/..',
      `v1/${'x'.repeat(1022)}`,
    ].map((name) => [`a blob whose name no storage has: ${name.slice(0, 9)}`, { blob: text(name) }] as const),
  ])('cannot be read that has %j', (_, change) => {
    expect(parsed(change)).toBe('unreadable')
  })

  it.each(['v1/a', 'v12/a/b/c', 'v1/...', 'v1/.a', 'v1/..a/b', `v1/${'x'.repeat(1021)}`])(
    'may point at any name that a storage has: %s',
    (name) => {
      expect(parsed({ blob: text(name) })).toMatchObject({ blob: name })
    },
  )
})

describe('a lease', () => {
  it('is read with all that it says', () => {
    const lease = { heldUntilMs: long(1), dueAtMs: long(2), writtenAtMs: long(3) }
    expect(parseLeaseEntity({ ...lease, token: text('mine') })).toEqual({
      token: 'mine',
      heldUntilMs: 1,
      dueAtMs: 2,
      writtenAtMs: 3,
    })
  })

  it('that cannot be read blocks nobody', () => {
    const garbled = { heldUntilMs: text('1'), dueAtMs: text('2'), writtenAtMs: text('3'), token: int(4) }
    expect(parseLeaseEntity(garbled)).toEqual({ token: '', heldUntilMs: 0, dueAtMs: 0, writtenAtMs: 0 })
  })
})
