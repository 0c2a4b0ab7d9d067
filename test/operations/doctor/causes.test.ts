import { describe, expect, it } from 'vitest'
import { causesOf } from '../../../shared/operations/doctor/causes.ts'
import type { Finding } from '../../../shared/operations/doctor/diagnose.ts'

const ok = (name: string): Finding => ({ area: 'host account', name, level: 'ok', says: 'It is there.' })
const forbidden = (what: string, name = what): Finding => ({
  area: 'archive account',
  name,
  level: 'fail',
  says: 'Not allowed (AuthorizationPermissionMismatch).',
  fix: `Give this identity the role "Reader" on the ${what}.`,
  fixOn: what,
})
const lacking = (area: string, name: string): Finding => ({
  area,
  name,
  level: 'fail',
  says: 'Not checked: there is no token.',
  lacks: 'token',
})
const identity = (level: 'ok' | 'fail'): Finding => ({ area: 'identity', name: 'token', level, says: 'x.' })

describe('one cause', () => {
  it('is reported once, with everything it affects, and one role with every scope where it is missing', () => {
    const causes = causesOf([
      forbidden('container archive'),
      forbidden('container archive', 'container archive, writing'),
      forbidden('container receipts'),
      forbidden('container deadletters'),
    ])
    expect(causes).toEqual([
      {
        area: 'archive account',
        level: 'fail',
        names: [
          'container archive',
          'container archive, writing',
          'container receipts',
          'container deadletters',
        ],
        says: 'Not allowed (AuthorizationPermissionMismatch).',
        fix: 'Give this identity the role "Reader" on the container archive, the container receipts and the container deadletters.',
      },
    ])
  })

  it('is never two: other areas, levels, roles, and each setting, stand by themselves, and each thing that is well', () => {
    const setting = (name: string): Finding => ({ area: 'settings', name, level: 'fail', says: 'Not set.' })
    const findings = [
      setting('A'),
      setting('B'),
      ok('one'),
      ok('two'),
      forbidden('container archive'),
      { ...forbidden('container archive'), area: 'host account' },
      { ...forbidden('container archive'), level: 'warn' as const },
      {
        ...forbidden('container archive'),
        fix: 'Give this identity the role "Writer" on the container archive.',
      },
    ]
    expect(causesOf(findings).map(({ names }) => names.length)).toEqual(findings.map(() => 1))
  })

  it('of all that lacks a token is the identity without one', () => {
    const causes = causesOf([
      identity('fail'),
      lacking('event hub', 'reading'),
      ok('one'),
      lacking('sinks', 'x'),
    ])
    expect(causes.map(({ level, names }) => [level, names])).toEqual([
      ['fail', ['token']],
      ['ok', ['one']],
      ['skip', ['event hub: reading', 'sinks: x']],
    ])
  })

  it('is a failure by itself where the identity has a token for others', () => {
    const causes = causesOf([
      identity('ok'),
      lacking('event hub', 'reading'),
      lacking('event hub', 'sending'),
    ])
    expect(causes.map(({ level, names }) => [level, names])).toEqual([
      ['ok', ['token']],
      ['fail', ['reading', 'sending']],
    ])
  })
})
