import { describe, expect, it } from 'vitest'
import type { ArchiveLine } from '../../../shared/archive/archive-line.ts'
import type { ReplayMode } from '../../../shared/delivery/outbox/outbox.ts'
import type { ExportedEvent } from '../../../shared/domain/exported-event.ts'
import { flatEvent } from '../../../shared/domain/flat-event.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import {
  addSelections,
  isSelected,
  type ReplayFilter,
  type Selection,
  selectLine,
} from '../../../shared/operations/replay/replay-query.ts'
import type { Rereader } from '../../../shared/pipeline/redeliver/renormalise.ts'
import { readMessage } from '../../../shared/source/read-message.ts'
import { rereadRecord } from '../../../shared/source/reread-record.ts'
import type { SourceSettings } from '../../../shared/source/source-settings.ts'
import { settings } from '../../source/reading-under-test.ts'
import { archiveLines } from '../../support/archive-lines.ts'
import { detection, heartbeat, riskyIdentity } from '../../support/archived-events.ts'

const ALL: ReplayFilter = { accepts: () => true, categories: [], identity: undefined }
const event = detection('a', { identity: { type: 'agent', id: 'Agent-A', appId: 'App-A' } })

describe('an event is meant', () => {
  it.each<[string, Partial<ReplayFilter>, ExportedEvent]>([
    ['where nothing narrows it', {}, event],
    ['by its category, however it is spelt', { categories: ['x', 'serviceprincipalriskevents'] }, event],
    ['by its identity', { identity: 'agent-a' }, event],
    ['by its application', { identity: 'app-a' }, event],
  ])('%s', (_, filter, of) => {
    expect(isSelected(flatEvent(of), { ...ALL, ...filter })).toBe(true)
  })

  it.each<[string, Partial<ReplayFilter>, ExportedEvent]>([
    ['that the sink does not get by its settings', { accepts: () => false }, event],
    ['of another category', { categories: ['riskyagents'] }, event],
    ['of another identity', { identity: 'agent-b' }, event],
    ['of an identity without an application', { identity: 'app-a' }, riskyIdentity('b')],
    ['that is a sign of life, where an identity is', { identity: 'agent-a' }, heartbeat('c')],
  ])('and none is %s', (_, filter, of) => {
    expect(isSelected(flatEvent(of), { ...ALL, ...filter })).toBe(false)
  })
})

describe('what a line holds for a replay', () => {
  const STATE =
    '{"category":"RiskyServicePrincipals","properties":{"id":"sp","riskLastUpdatedDateTime":"2026-05-06T9:41:07Z"}}'
  const USER = STATE.replace('RiskyServicePrincipals', 'RiskyUsers')
  const FAULTY = '{"category":"RiskyAgents","properties":{}}'
  /** A program that does not export what is about users. */
  const today: SourceSettings = { ...settings, includeUserRisk: false }
  const rereader: Rereader = {
    readMessage: (message) => readMessage(message, today),
    rereadRecord: (bytes) => rereadRecord(bytes, instant(0), today),
  }
  const inEnvelope = (...records: readonly string[]) => `{"records":[${records.join(',')}]}`
  const [state, user, faulty] = archiveLines([inEnvelope(STATE, USER, FAULTY)])
  const unsplit: ArchiveLine | undefined = archiveLines(['no JSON'])[0]
  const NOBODY = { ...ALL, accepts: () => false }
  const selected = (line: ArchiveLine | undefined, mode: ReplayMode, filter = ALL): Selection => {
    if (line === undefined || line.kind === 'skipped') throw new Error('no record')
    return selectLine(line, mode, filter, rereader)
  }
  const one = { records: 1, matched: 0, filtered: 0, faulty: 0 }

  it.each([
    ['an event that is meant', state, ALL, { ...one, matched: 1 }],
    ['an event that is not', state, NOBODY, { ...one, filtered: 1 }],
    ['an event, although it would be exported no more', user, ALL, { ...one, matched: 1 }],
    ['a fault', faulty, ALL, { ...one, faulty: 1 }],
    ['a fault, whoever is meant', faulty, NOBODY, { ...one, faulty: 1 }],
    ['a fault of a message', unsplit, ALL, { ...one, faulty: 1 }],
  ])('as archived: %s', (_, line, filter, expected) => {
    expect(selected(line, 'asArchived', filter)).toEqual(expected)
  })

  it.each([
    ['an event that is meant', state, ALL, { ...one, matched: 1 }],
    ['an event that is not', state, NOBODY, { ...one, filtered: 1 }],
    ['a record that is exported no more', user, ALL, { ...one, filtered: 1 }],
    ['a fault', faulty, ALL, { ...one, faulty: 1 }],
    ['a fault of a message', unsplit, ALL, { ...one, faulty: 1 }],
  ])('by current code: %s', (_, line, filter, expected) => {
    expect(selected(line, 'renormalise', filter)).toEqual(expected)
  })

  it('by current code: all records of a message that could not be split when it was archived', () => {
    if (unsplit?.kind !== 'unsplit') throw new Error('It could be split.')
    const line = { ...unsplit, body: Buffer.from(inEnvelope(STATE, USER, FAULTY, STATE, FAULTY, FAULTY)) }
    expect(selected(line, 'renormalise')).toEqual({ records: 6, matched: 2, filtered: 1, faulty: 3 })
    expect(selected(line, 'renormalise', NOBODY)).toEqual({ records: 6, matched: 0, filtered: 3, faulty: 3 })
  })
})

it('counts of two lines are added, each to its own', () => {
  const some = { records: 10, matched: 1, filtered: 2, faulty: 3 }
  expect(addSelections(some, { records: 700, matched: 70, filtered: 600, faulty: 30 })).toEqual({
    records: 710,
    matched: 71,
    filtered: 602,
    faulty: 33,
  })
})
