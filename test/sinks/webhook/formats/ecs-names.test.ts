import { existsSync, readFileSync } from 'node:fs'
import type { AnySchemaObject } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { publishedSchema } from '../../../support/published-schema.ts'

/** Elastic's published list of fields; not part of the project. */
const PUBLISHED = '../shared/samples/schemas/ecs-fields.csv'
const published = existsSync(PUBLISHED) ? readFileSync(PUBLISHED, 'utf8') : ''

/** Types of JSON Schema that a type of ECS takes. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  keyword: ['string'],
  match_only_text: ['string'],
  date: ['string'],
  ip: ['string'],
  long: ['integer'],
  float: ['number', 'integer'],
  constant_keyword: ['string'],
  geo_point: ['object'],
}

interface Leaf {
  readonly name: string
  readonly schema: AnySchemaObject
  readonly isArray: boolean
}

function leavesOf(schema: AnySchemaObject, path = ''): readonly Leaf[] {
  return Object.entries((schema['properties'] ?? {}) as Record<string, AnySchemaObject>).flatMap(
    ([member, inner]) => {
      const name = path === '' ? member : `${path}.${member}`
      const isPoint = name.endsWith('geo.location')
      if (inner['type'] === 'object' && !isPoint) return leavesOf(inner, name)
      return [{ name, schema: inner, isArray: inner['type'] === 'array' }]
    },
  )
}

const ours = leavesOf(publishedSchema('ecs-document')).filter(({ name }) => name !== 'entra_risk')

describe.skipIf(published === '')('the published list of ECS fields', () => {
  const rows = new Map(
    published
      .split('\n')
      .map((line) => line.split(','))
      .map(
        ([, , , field = '', type = '', , normalization = '']) => [field, { type, normalization }] as const,
      ),
  )

  test('has hundreds of fields', () => expect(rows.size).toBeGreaterThan(1_000))

  test.each(ours)('has $name, with our type', ({ name, schema, isArray }) => {
    const row = rows.get(name)
    expect(row, 'is a field of ECS').toBeDefined()
    const element = isArray ? (schema['items'] as AnySchemaObject) : schema
    const enumerated = element['enum']?.[0] ?? element['const']
    const type = element['type'] ?? (Number.isInteger(enumerated) ? 'integer' : typeof enumerated)
    expect(TAKES[row?.type ?? '']).toContain(type)
    expect(row?.normalization === 'array').toBe(isArray)
  })
})
