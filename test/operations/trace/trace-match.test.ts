import { describe, expect, it } from 'vitest'
import type { ArchiveLine } from '../../../shared/archive/archive-line.ts'
import type { ExportedEvent } from '../../../shared/domain/exported-event.ts'
import { matchesQuery } from '../../../shared/operations/trace/trace-match.ts'
import { archiveLines } from '../../support/archive-lines.ts'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../../support/archived-events.ts'

type RecordLine = Exclude<ArchiveLine, { kind: 'skipped' }>

const lineOf = (event: ExportedEvent): RecordLine =>
  ({ kind: 'event', event, archived: archived(event) }) as unknown as RecordLine
const lineFrom = (body: string | Uint8Array): RecordLine => {
  const [line] = archiveLines([body])
  if (line === undefined || line.kind === 'skipped') throw new Error('no record')
  return line
}

const found = detection('a', { detectionId: 'Detection-A' })
const state = riskyIdentity('b', {
  identity: { type: 'servicePrincipal', id: 'Principal-B', appId: 'App-B', displayName: 'Somebody' },
})

describe('a record is about', () => {
  it.each([
    ['an event', found, found.eventId],
    ['a fact', found, found.factKey],
    ['a detection, however it is spelt', found, 'detection-a'],
    ['an identity of a detection', found, found.identity.id],
    ['an application of a detection', found, found.identity.appId ?? ''],
    ['a state', state, state.eventId],
    ['the fact of a state', state, state.factKey],
    ['an identity, however it is spelt', state, 'principal-b'],
    ['an application, however it is spelt', state, 'app-b'],
    ['an identity by its display name, however it is spelt', state, 'somebody'],
    ['the context of an identity', identityContext('d'), identityContext('d').identity.id],
    ['a response about an identity', responseAction('e'), 'payroll nightly sync'],
    ['a sign of life', heartbeat('c'), heartbeat('c').eventId],
  ])('%s', (_, event, wanted) => {
    expect(matchesQuery(lineOf(event), wanted)).toBe(true)
  })

  it.each([
    ['a part of a name', state, 'some'],
    ['a part of an id', state, 'principal'],
    ['what no identity has', { ...state, identity: { type: 'agent', id: 'x' } } as const, 'undefined'],
    ['an identity, where it is a sign of life', heartbeat('c'), state.identity.id],
    ['another event', found, state.eventId],
  ])('an event never by %s', (_, event, wanted) => {
    expect(matchesQuery(lineOf(event), wanted)).toBe(false)
  })

  it('what stands in its bytes, where it is no event', () => {
    const faulty = lineFrom('{"category":"RiskyAgents","properties":{"displayName":"Agent-007-X"}}')
    expect(matchesQuery(faulty, 'agent-007-x')).toBe(true)
    expect(matchesQuery(faulty, 'agent-008-x')).toBe(false)
    const named = lineFrom('{"category":"RiskyAgents","properties":{"displayName":"Lohnläufer"}}')
    expect(matchesQuery(named, 'lohnläufer')).toBe(true)
    const unsplit = lineFrom(Buffer.from([0xff, ...Buffer.from('Agent-007-X'), 0xfe]))
    expect(matchesQuery(unsplit, 'agent-007-x')).toBe(true)
  })

  it('no word of less than eight dead letters, which would stand anywhere', () => {
    const faulty = lineFrom('the word: category, and categor')
    expect([matchesQuery(faulty, 'category'), matchesQuery(faulty, 'categor')]).toEqual([true, false])
  })
})
