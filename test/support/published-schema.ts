import { readFileSync } from 'node:fs'
import { isIPv4, isIPv6 } from 'node:net'
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js'

/** Objects whose members are not ours. */
const OPEN = new Set(['extra', 'context', 'response', 'health'])

export const publishedSchema = (name: string): AnySchemaObject =>
  JSON.parse(readFileSync(`docs/schemas/${name}.schema.json`, 'utf8'))

/**
 * A schema that allows nothing that it does not name: readers ignore what they do not know, but it
 * may not be sent.
 */
export function closed(node: unknown, name = ''): unknown {
  if (Array.isArray(node)) return node.map((one) => closed(one))
  if (typeof node !== 'object' || node === null) return node
  const inner = Object.fromEntries(
    Object.entries(node).map(([member, value]) => [member, closed(value, member)]),
  )
  const isWhole = 'allOf' in inner || ('properties' in inner && inner['type'] === 'object' && name !== 'base')
  return isWhole && !OPEN.has(name) ? { ...inner, unevaluatedProperties: false } : inner
}

const FORMATS = { 'date-time': true, ipv4: isIPv4, ipv6: isIPv6 } as const

/**
 * What a schema finds wrong with a value; nothing: an empty list.
 * @param others schemas that it refers to
 */
export function problemsBy(
  schema: unknown,
  ...others: readonly unknown[]
): (json: unknown) => readonly unknown[] {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, formats: FORMATS })
  for (const other of others) ajv.addSchema(other as AnySchemaObject)
  const validates = ajv.compile(schema as AnySchemaObject)
  return (json) => (validates(json) ? [] : (validates.errors ?? []))
}
