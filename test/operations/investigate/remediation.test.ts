import { describe, expect, it } from 'vitest'
import { suggestFor } from '../../../cli/text/suggest.ts'
import type { ContextSections } from '../../../shared/domain/identity-context.ts'
import type { Investigation } from '../../../shared/operations/investigate/investigation.ts'
import { remediationOf } from '../../../shared/operations/investigate/remediation.ts'
import { detection, riskyIdentity } from '../../support/archived-events.ts'
import { contextEvent, investigated, minute, responseEvent } from '../../support/identity-events.ts'

const KEY = 'bbbbbbbb-0000-4000-8000-000000000001'
const OTHER = 'bbbbbbbb-0000-4000-8000-000000000002'
const BLUEPRINT = '4c1f9e85-2b7a-4d06-93e8-a5d0f6c7182b'

const step = (of: Investigation, id: string) => {
  const found = remediationOf(of, suggestFor({ local: true })).find((one) => one.id === id)
  if (found === undefined) throw new Error(`no step ${id}`)
  return { ...found, text: found.lines.map(({ text }) => text).join('\n'), all: found.commands.join('\n') }
}

const principal = (changes: object): Partial<ContextSections> => ({
  principal: { presence: 'found', tenancy: 'singleTenant', enabled: true, ...changes } as never,
})
const credential = (keyId: string) =>
  ({ on: 'application', type: 'password', keyId, expired: false, namedByDetection: false }) as const

describe('containment', () => {
  it('is open until it is disabled, and done then', () => {
    expect(step(investigated(detection('a')), 'contain').state).toBe('open')
    const disabled = investigated(detection('a'), responseEvent(1, { action: 'disable' }))
    expect(step(disabled, 'contain')).toMatchObject({
      state: 'done',
      text: expect.stringContaining('disabled at 2026-03-01 10:01:00'),
    })
  })

  it('is not done by an action that failed', () => {
    const failed = investigated(
      detection('a', { identity: { type: 'servicePrincipal', id: 'x' } }),
      responseEvent(1, { action: 'disable', result: 'failed' }),
    )
    expect(step(failed, 'contain').state).toBe('open')
  })

  it('is done by a confirmation only where Conditional Access blocks', () => {
    const by = (coverage: 'blocked' | 'reportOnly') =>
      investigated(
        detection('a'),
        contextEvent(1, { ...principal({}), conditionalAccess: { coverage, policies: [] } }),
        responseEvent(2, { action: 'confirm-compromised' }),
      )
    expect(step(by('blocked'), 'contain').state).toBe('done')
    expect(step(by('reportOnly'), 'contain').state).toBe('open')
  })

  it.each([
    ['by an operator', responseEvent(5, { action: 'enable' })],
    ['as a later context shows', contextEvent(5, principal({ enabled: true }))],
    [
      'as a later record shows',
      riskyIdentity('late', {
        identity: { type: 'servicePrincipal', id: 'x', enabled: true },
        lastUpdatedAt: minute(5),
      }),
    ],
  ])('wants another look where it was enabled again %s', (_, event) => {
    const of = investigated(detection('a'), responseEvent(1, { action: 'disable' }), event)
    expect(step(of, 'contain')).toMatchObject({
      state: 'attention',
      text: expect.stringContaining('enabled again, seen at 2026-03-01 10:05:00'),
    })
    expect(step(of, 'watch').state).toBe('attention')
  })

  it('is over with the risk: who is enabled then is not looked at again', () => {
    const of = investigated(
      detection('a'),
      responseEvent(1, { action: 'disable' }),
      riskyIdentity('over', { risk: { level: 'none', state: 'remediated' }, lastUpdatedAt: minute(4) }),
      responseEvent(5, { action: 'enable' }),
    )
    expect(step(of, 'contain')).toMatchObject({
      state: 'done',
      text: expect.stringContaining('It is no longer at risk.'),
    })
    expect(step(of, 'watch').state).toBe('open')
  })

  it('says that what Microsoft disabled cannot be deleted', () => {
    const of = investigated(detection('a'), contextEvent(1, principal({ disabledByMicrosoftStatus: 'Yes' })))
    expect(step(of, 'contain')).toMatchObject({
      state: 'done',
      text: expect.stringContaining('cannot be deleted'),
    })
    expect(step(of, 'contain').all).not.toContain('disable ')
  })

  it('says how long issued tokens live, wherever it could be taken for the end', () => {
    for (const id of ['contain', 'remove'])
      expect(step(investigated(detection('a')), id).text).toContain(
        'mostly for an hour, up to 24 hours with continuous access evaluation',
      )
  })
})

describe('old credentials', () => {
  it('are those that detections name, first, and all others', () => {
    const of = investigated(
      detection('a', { keyIds: [KEY] }),
      contextEvent(1, { ...principal({}), credentials: [credential(OTHER), credential(KEY)] }),
    )
    const { commands, state } = step(of, 'remove')
    expect(state).toBe('open')
    expect(commands.map((line) => line.split(' ')[3])).toEqual([KEY, OTHER])
    expect(step(of, 'inventory').state).toBe('done')
  })

  it('are done once each is removed, or gone from a list that is whole', () => {
    const read = contextEvent(1, {
      ...principal({}),
      credentials: [credential(KEY)],
      federatedCredentials: [],
    })
    const removal = responseEvent(2, { action: 'remove-credential', credential: { keyId: KEY } })
    const found = detection('a', { keyIds: [KEY, OTHER] })
    expect(step(investigated(found, read), 'remove').state).toBe('open')
    expect(step(investigated(found, read, removal), 'remove').state).toBe('done')
    const partly = contextEvent(1, { ...read.context, leftOut: { credentials: 3 } })
    const left = step(investigated(found, partly, removal), 'remove')
    expect([left.state, left.all.includes(OTHER)]).toEqual(['open', true])
  })

  it('are not done as long as the list is unknown', () => {
    const removal = responseEvent(2, { action: 'remove-credential', credential: { keyId: KEY } })
    const of = investigated(detection('a', { keyIds: [KEY] }), removal)
    expect(step(of, 'remove')).toMatchObject({
      state: 'open',
      text: expect.stringContaining(`credential removed: ${KEY}`),
    })
  })

  it('are there again where a later list has one that was removed', () => {
    const removal = responseEvent(2, { action: 'remove-credential', credential: { keyId: KEY } })
    const later = contextEvent(3, { ...principal({}), credentials: [credential(KEY)] })
    expect(step(investigated(detection('a'), removal, later), 'remove').all).toContain(KEY)
  })

  it('of an agent are those of its blueprint, whatever the agent itself has', () => {
    const identity = { type: 'agent', id: 'x', blueprintId: BLUEPRINT } as const
    const of = investigated(
      detection('a', { identity, keyIds: [KEY] }),
      contextEvent(1, { ...principal({}), credentials: [] }, { identity }),
    )
    expect(step(of, 'remove').commands).toEqual([
      `risk-export respond remove-credential ${KEY} ${BLUEPRINT} --reason REASON --local`,
    ])
    expect(step(of, 'inventory').all).toContain(`--id ${BLUEPRINT}`)
    expect(step(of, 'close').all).toContain('confirm-safe')
    expect(step(of, 'contain').all).toContain(`disable ${BLUEPRINT}`)
  })

  it.each([
    ['foreign', 'belongs to another tenant'],
    ['managedIdentity', 'Identity Protection and Conditional Access do not cover it'],
  ])('of a %s application are not the operators to remove', (tenancy, why) => {
    const of = investigated(detection('a'), contextEvent(1, principal({ tenancy })))
    for (const id of ['inventory', 'certificate', 'remove'])
      expect(step(of, id)).toMatchObject({
        state: 'notApplicable',
        commands: [],
        text: expect.stringContaining(why),
      })
  })
})

describe('closing', () => {
  const dismissed = responseEvent(2, { action: 'dismiss' })

  it('is done once dismissed, by whomever', () => {
    expect(step(investigated(detection('a'), dismissed), 'close').state).toBe('done')
    const byOthers = riskyIdentity('s', {
      risk: { level: 'none', state: 'dismissed' },
      lastUpdatedAt: minute(3),
    })
    expect(step(investigated(detection('a'), byOthers), 'close').state).toBe('done')
  })

  it('wants another look where it is at risk again', () => {
    const again = riskyIdentity('s', { risk: { level: 'high', state: 'atRisk' }, lastUpdatedAt: minute(3) })
    expect(step(investigated(detection('a'), dismissed, again), 'close')).toMatchObject({
      state: 'attention',
      text: expect.stringContaining('at risk again: atRisk at 2026-03-01 10:03:00'),
    })
  })
})
