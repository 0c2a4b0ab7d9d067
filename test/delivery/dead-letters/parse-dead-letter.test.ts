import { describe, expect, it } from 'vitest'
import { parseDeadLetterLines } from '../../../shared/delivery/dead-letters/parse-dead-letter.ts'

const WRITTEN = {
  v: 1,
  id: '0123456789abcdef',
  sink: 'webhook',
  fault: { code: 'payloadRefused', scope: 'record', message: 'no' },
  blob: 'v1/chunk.jsonl.gz',
  line: 3,
  position: {
    namespace: 'ns',
    hub: 'hub',
    partition: '0',
    sequenceNumber: 7,
    offset: '7',
    enqueuedAt: '2026-03-01T09:00:00.000Z',
  },
  ordinal: 1,
  digest: `sha256:${'0'.repeat(64)}`,
  attempts: 2,
  firstTriedAt: '2026-03-01T10:00:00.000Z',
  deadLetteredAt: '2026-03-01T11:00:00.000Z',
}
const parsed = (...deadLetters: readonly object[]) =>
  parseDeadLetterLines(deadLetters.map((deadLetter) => `${JSON.stringify(deadLetter)}\n`).join(''))

/** What makes no sense in its place. */
const GARBLED: readonly (readonly [string, object])[] = [
  ...['id', 'blob', 'digest'].map((name) => [name, { [name]: 7 }] as const),
  ...['line', 'ordinal', 'attempts'].map((name) => [name, { [name]: 1.5 }] as const),
  ...['firstTriedAt', 'deadLetteredAt'].map((name) => [name, { [name]: 'in spring' }] as const),
  ...['namespace', 'hub', 'partition', 'offset', 'sequenceNumber', 'enqueuedAt'].map(
    (name) => [name, { position: { ...WRITTEN.position, [name]: undefined } }] as const,
  ),
  ...['code', 'message'].map((name) => [name, { fault: { ...WRITTEN.fault, [name]: undefined } }] as const),
  ...['firstTriedAt', 'deadLetteredAt'].map((name) => [name, { [name]: 2026 }] as const),
  ...['position', 'fault'].map((name) => [name, { [name]: null }] as const),
  ['version', { v: 0 }],
]

describe('a blob of dead letters', () => {
  it.each(['asArchived', 'renormalise'])('says who had asked for %s, and when', (mode) => {
    const replay = { mode, askedAt: '2026-03-01T10:30:00.000Z' }
    expect(parsed({ ...WRITTEN, replay })).toEqual([
      {
        ...WRITTEN,
        position: { ...WRITTEN.position, enqueuedAt: Date.UTC(2026, 2, 1, 9) },
        firstTriedAt: Date.UTC(2026, 2, 1, 10),
        deadLetteredAt: Date.UTC(2026, 2, 1, 11),
        replay: { mode, askedAt: Date.UTC(2026, 2, 1, 10, 30) },
      },
    ])
  })

  it('says nothing of who asked where nobody did, or in a way that is not known', () => {
    const asked = { mode: 'upside down', askedAt: '2026-03-01T10:30:00.000Z' }
    const found = parsed(WRITTEN, { ...WRITTEN, replay: asked }, { ...WRITTEN, replay: null })
    expect(found).toHaveLength(3)
    for (const deadLetter of found) expect(deadLetter).not.toHaveProperty('replay')
  })

  it('says that its delivery was the retry of a dead letter, where it was', () => {
    const replay = { mode: 'asArchived', askedAt: '2026-03-01T10:30:00.000Z', isRetry: true }
    expect(parsed({ ...WRITTEN, replay })).toMatchObject([{ replay: { isRetry: true } }])
    const [other] = parsed({ ...WRITTEN, replay: { ...replay, isRetry: 'yes' } })
    expect(other).toHaveProperty('replay.mode')
    expect(other).not.toHaveProperty('replay.isRetry')
  })

  it.each(GARBLED)('has none on a line whose %s cannot be read', (_, change) => {
    expect(parsed({ ...WRITTEN, ...change })).toEqual(['unreadable'])
  })

  it('has none on a line that is no object', () => {
    expect(parseDeadLetterLines('null\n7\n[]\n{\n')).toEqual(Array(4).fill('unreadable'))
  })

  it('gives those that this program can read, beside those of a newer one', () => {
    const [newer, known] = parsed({ ...WRITTEN, v: 2, id: 'newer' }, WRITTEN)
    expect(newer).toBe('newer')
    expect(known).toMatchObject({ id: '0123456789abcdef' })
  })
})
