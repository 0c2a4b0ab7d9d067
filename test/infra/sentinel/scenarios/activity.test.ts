import { describe, expect, it } from 'vitest'
import { rules } from '../../../support/kql/sentinel-content.ts'
import { changes } from './activity/changes.ts'
import { health } from './activity/health.ts'
import { changesByRisky, privileged } from './activity/privileged.ts'
import { roles } from './activity/roles.ts'
import { newCredentials, sharedAddresses, signIns } from './activity/sign-ins.ts'
import { alertsOf } from './risk/simulation.ts'

const SCENARIOS = [
  changes,
  roles,
  signIns,
  newCredentials,
  sharedAddresses,
  changesByRisky,
  privileged,
  health,
].flat()

describe('scenarios of the rules of activity', () => {
  it('are of rules that there are', () => {
    const files = rules().map(({ file }) => file.replace(/^.*\//, '').replace('.yaml', ''))
    expect(files).toEqual(expect.arrayContaining(SCENARIOS.map(({ rule }) => rule)))
  })
})

describe('run after run, the rules of activity alert as they promise', () => {
  it.each(SCENARIOS.map((s) => [s.title, s] as const))('%s', (_, s) => {
    expect(alertsOf(s)).toEqual([...s.alerts].sort())
  })
})

describe('a defect in the content is noticed where', () => {
  it.each(SCENARIOS.flatMap((s) => (s.defect === undefined ? [] : [[s.title, s, s.defect] as const])))(
    '%s',
    (_, s, defect) => expect(alertsOf(s, defect)).not.toEqual([...s.alerts].sort()),
  )
})
