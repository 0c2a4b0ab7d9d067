import { describe, expect, it } from 'vitest'
import {
  deadLetterId,
  deadLettersOf,
  type Replay,
} from '../../../shared/delivery/dead-letters/dead-letter.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { sha256Hex } from '../../../shared/encoding/digest.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'

const REFUSED = recordFault('payloadRefused', 'no')

describe('the dead letter of a refused event', () => {
  const archived = { ...archivedEventAt(7), ordinal: 3 }
  const dead = (replay?: Replay) =>
    deadLettersOf('webhook', [{ archived, fault: REFUSED }], 2, 1000, 5000, replay)
  const pointer = {
    v: 1,
    id: deadLetterId('webhook', archived.blob, 7),
    sink: 'webhook',
    fault: REFUSED,
    blob: archived.blob,
    line: 7,
    position: archived.position,
    ordinal: 3,
    digest: archived.digest,
    eventId: archived.event.eventId,
    attempts: 2,
    firstTriedAt: 1000,
    deadLetteredAt: 5000,
  }

  it('points at the event, and says why, how often and since when it was tried', () => {
    expect(dead()).toStrictEqual([pointer])
  })

  it('says what an operator had asked for', () => {
    const replay = { mode: 'asArchived', askedAt: instant(900), isRetry: true } as const
    expect(dead(replay)).toStrictEqual([{ ...pointer, replay }])
  })
})

it('a dead letter has an id by what is dead and for whom', () => {
  expect(deadLetterId('webhook', 'v1/blob.jsonl.gz', 7)).toBe(
    sha256Hex('webhook\nv1/blob.jsonl.gz\n7').slice(0, 16),
  )
  expect(deadLetterId(undefined, 'v1/blob.jsonl.gz', 7)).toBe(sha256Hex('\nv1/blob.jsonl.gz\n7').slice(0, 16))
})
