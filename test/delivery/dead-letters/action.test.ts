import { describe, expect, it } from 'vitest'
import { parseActionNote } from '../../../shared/delivery/dead-letters/action.ts'

const BY = { user: 'ada', credential: 'ada@example.org' }

describe('what was noted of an action', () => {
  it('says who acted, and why if a reason was given', () => {
    expect(parseActionNote(JSON.stringify({ by: BY, reason: 'a test' }))).toEqual({
      by: BY,
      reason: 'a test',
    })
    expect(parseActionNote(JSON.stringify({ by: BY }))).toStrictEqual({ by: BY })
  })

  it('says who acted, even if the reason is no text', () => {
    expect(parseActionNote(JSON.stringify({ by: BY, reason: 7 }))).toStrictEqual({ by: BY })
  })

  it.each([
    '{"by":',
    'null',
    '{}',
    '{"by":{"user":"ada"}}',
    '{"by":{"credential":"ada@example.org"}}',
    '{"by":{"user":3,"credential":"ada@example.org"}}',
  ])('says that it cannot be read, where it cannot: %s', (json) => {
    expect(parseActionNote(json)).toEqual({
      by: { user: 'unknown', credential: 'unknown' },
      reason: 'what was noted cannot be read',
    })
  })
})
