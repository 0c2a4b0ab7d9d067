import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '../../../shared/domain/identifiers.ts'
import { kqlText } from '../../../shared/encoding/kql-text.ts'
import { huntQuery } from '../../../shared/operations/investigate/hunt-query.ts'
import { HUNTS, QUESTIONS } from '../../../shared/operations/investigate/hunts.ts'
import { type Analysis, analyserFor, keptAnalyserFor, referencesOf } from '../../support/kql/analyse.ts'
import { boundedQueryProblems } from '../../support/kql/query-problems.ts'
import { nodesOf } from '../../support/kql/syntax.ts'
import { WORKSPACE_TABLES } from '../../support/kql/workspace.ts'
import { HOSTILE, hostileText } from '../report/hostile.ts'

const analyse = keptAnalyserFor({ tables: WORKSPACE_TABLES, functions: [] })
const analyseAlone = analyserFor({ tables: {}, functions: [] })
const SUBJECT = {
  id: 'd41c7a06-52be-4f0d-8c6e-0a3b91e7f254',
  appId: '2f9be8d0-71a4-4c55-b6e2-94d0c3187af6',
  keyIds: ['6d2b90e4-a13c-4f78-95d0-7ec48b1fa236'],
  began: instant(Date.UTC(2026, 8, 12)),
}

/** Values of the string literals of a query, as Microsoft's language service reads them. */
const literalsIn = ({ syntax }: Analysis): readonly unknown[] =>
  nodesOf(syntax).flatMap(({ type, quoted }) =>
    type === 'LiteralExpression' && quoted !== undefined ? [quoted] : [],
  )

describe('the hunts', () => {
  it('are fourteen, each with a name of its own, for each question one at least', () => {
    expect(HUNTS).toHaveLength(14)
    expect(new Set(HUNTS.map(({ id }) => id)).size).toBe(14)
    expect(new Set(HUNTS.map(({ question }) => question))).toEqual(new Set(QUESTIONS))
  })

  it.each(HUNTS.map((hunt) => [hunt.id, hunt] as const))(
    '%s is valid, bounded in time, about what it is given, and reads the tables that it names',
    (_, hunt) => {
      const analysis = analyse(huntQuery(hunt, SUBJECT))
      expect(boundedQueryProblems(analysis)).toEqual([])
      const tables = [...referencesOf(analysis)].filter((name) => name in WORKSPACE_TABLES)
      expect(new Set(tables)).toEqual(new Set(hunt.tables))
      expect(literalsIn(analysis)).toEqual(
        expect.arrayContaining([hunt.kql.includes('spId') ? SUBJECT.id : SUBJECT.appId]),
      )
    },
  )

  it.each(HUNTS.map((hunt) => [hunt.id, hunt] as const))(
    '%s matches no row of others where no application is known',
    (_, hunt) => {
      const query = huntQuery(hunt, { ...SUBJECT, appId: undefined, keyIds: [] })
      expect(boundedQueryProblems(analyse(query))).toEqual([])
      expect(query).not.toMatch(/^let .* = "";$/m)
    },
  )

  it.each([...HOSTILE, '" | take 1; let x = "', '\\" or 1 == 1 //', '\n| project *', 'a\u2028b'])(
    'hold %j as nothing but a text',
    (text) => {
      const hunt = HUNTS.find(({ id }) => id === 'signin.timeline') ?? HUNTS[0]
      if (hunt === undefined) throw new Error('no hunt')
      const plain = huntQuery(hunt, SUBJECT)
      const query = huntQuery(hunt, { ...SUBJECT, id: text, keyIds: [text] })
      const analysis = analyse(query)
      expect(boundedQueryProblems(analysis)).toEqual([])
      expect(query.split('\n')).toHaveLength(plain.split('\n').length)
      expect(literalsIn(analysis).filter((value) => value === text)).toHaveLength(2)
    },
  )

  it('hold any text as nothing but that text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const analysis = analyseAlone(`print ${kqlText(text)}`)
        expect(analysis.errors).toEqual([])
        expect(literalsIn(analysis)).toEqual([text])
      }),
    )
  })
})
