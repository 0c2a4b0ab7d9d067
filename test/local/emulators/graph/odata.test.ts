import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isGraphError } from '../../../../local/emulators/graph/graph-error.ts'
import type { GraphRequest } from '../../../../local/emulators/graph/graph-request.ts'
import { graphTime, sortableTime } from '../../../../local/emulators/graph/graph-time.ts'
import {
  agentRiskDetection,
  servicePrincipalRiskDetection,
} from '../../../../local/emulators/graph/odata/entity-type.ts'
import { type Predicate, parseFilter } from '../../../../local/emulators/graph/odata/filter.ts'
import { listPage } from '../../../../local/emulators/graph/odata/list.ts'
import { riskDetection } from '../../../../local/emulators/graph/risk-objects.ts'
import type { JsonObject } from '../../../../shared/encoding/json.ts'

const LEVELS = ['low', 'medium', 'high', "it's"]

const request = (query: URLSearchParams): GraphRequest => ({
  method: 'GET',
  version: 'v1.0',
  path: 'identityProtection/servicePrincipalRiskDetections',
  query,
  origin: 'https://localhost:1',
  body: '',
  knowsLaterMembers: true,
  bearer: '',
  requestId: '',
  clientRequestId: '',
  atMs: 0,
})

const detections = fc.array(
  fc.record({ level: fc.constantFrom(...LEVELS), sp: fc.integer({ max: 3, min: 0 }) }),
  {
    maxLength: 40,
  },
)

interface Clause {
  readonly text: string
  readonly holds: Predicate
}

const clause: fc.Arbitrary<Clause> = fc.letrec<{ node: Clause; leaf: Clause; joined: Clause }>((tie) => ({
  node: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('joined')),
  leaf: fc.constantFrom(...LEVELS).map((level) => ({
    text: `riskLevel eq '${level.replaceAll("'", "''")}'`,
    holds: (object: JsonObject) => object['riskLevel'] === level,
  })),
  joined: fc.tuple(tie('node'), fc.constantFrom('and', 'or'), tie('node')).map(
    ([left, word, right]): Clause => ({
      text: `(${left.text} ${word} ${right.text})`,
      holds: (object) =>
        word === 'and'
          ? left.holds(object) && right.holds(object)
          : left.holds(object) || right.holds(object),
    }),
  ),
})).node

test('pages of any size are together the list that the filter selects', () => {
  fc.assert(
    fc.property(detections, clause, fc.integer({ min: 1, max: 7 }), (given, { text, holds }, top) => {
      const all = given.map(({ level, sp }, n) =>
        riskDetection({ id: `d-${n}`, servicePrincipalId: `sp-${sp}`, riskLevel: level }),
      )
      const seen: JsonObject[] = []
      let query: URLSearchParams | undefined = new URLSearchParams({ $filter: text, $top: String(top) })
      while (query !== undefined) {
        const page: JsonObject = { ...listPage(request(query), all, servicePrincipalRiskDetection, 20) }
        const value = page['value'] as readonly JsonObject[]
        expect(value.length).toBeLessThanOrEqual(top)
        seen.push(...value)
        const next: unknown = page['@odata.nextLink']
        query = typeof next === 'string' ? new URL(next).searchParams : undefined
      }
      expect(seen).toEqual(all.filter(holds))
    }),
  )
})

test('a filter is read or refused, and never throws', () => {
  const words = fc.constantFrom(
    'riskLevel',
    'eq',
    'and',
    'or',
    '(',
    ')',
    "'high'",
    "'",
    ',',
    'startsWith',
    'null',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
      const filter = parseFilter(parts.join(' '), servicePrincipalRiskDetection)
      expect(typeof filter === 'function' || filter.status === 400).toBe(true)
    }),
  )
})

test('times are compared as instants, to the tick', () => {
  const ms = fc.integer({ min: 0, max: 1 }).map((n) => 1_772_366_400_000 + n)
  const instants = fc.tuple(ms, fc.integer({ min: 0, max: 2 }))
  fc.assert(
    fc.property(
      instants,
      instants,
      fc.constantFrom('eq', 'ge', 'le'),
      ([leftMs, leftTicks], [rightMs, rightTicks], operator) => {
        const right = graphTime(rightMs, rightTicks)
        const filter = parseFilter(`detectedDateTime ${operator} ${right}`, agentRiskDetection)
        if (isGraphError(filter)) throw new Error(filter.message)
        const difference = (leftMs - rightMs) * 10_000 + leftTicks - rightTicks
        expect(filter({ detectedDateTime: graphTime(leftMs, leftTicks) })).toBe(
          { eq: difference === 0, ge: difference >= 0, le: difference <= 0 }[operator],
        )
      },
    ),
  )
  expect(sortableTime('2026-03-01T12:00:00Z')).toBe(sortableTime('2026-03-01T12:00:00.0000000Z'))
  expect(sortableTime('2026-03-01T12:00:00+01:00')).toBeUndefined()
})
