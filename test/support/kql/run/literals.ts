import type { Json } from '../../../../shared/encoding/json.ts'
import { constant, type Scalar } from './model.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { msOfSpan, msOfTime } from './time-text.ts'
import { emptyOf, typeOf } from './values.ts'

/** `long(5)`, `datetime(2026-01-01)`, `time(2h)`: the type and what stands in the brackets. */
const BRACKETS = /^([a-z]+)\(\s*(.*?)\s*\)$/s

const ofType = (type: string, text: string, node: KqlNode): Scalar => {
  if (text === 'null') return constant(typeOf(type), emptyOf(typeOf(type)))
  const value =
    type === 'datetime' ? msOfTime(text) : type === 'timespan' ? msOfSpan(text) : numberOrBool(text)
  if (value === undefined) throw new NotCovered('the literal', node)
  return constant(typeOf(type), value)
}

const numberOrBool = (text: string): number | boolean | undefined => {
  if (text === 'true' || text === 'false') return text === 'true'
  const value = Number(text)
  return text !== '' && (Number.isSafeInteger(value) || text.includes('.')) ? value : undefined
}

/** A literal of the language. */
export const literal = (node: KqlNode): Scalar => {
  if (node.quoted !== undefined && node.text !== 'null') return constant('string', node.quoted)
  const [, type, inner] = BRACKETS.exec(node.text) ?? []
  if (type !== undefined) return ofType(type === 'time' ? 'timespan' : type, inner ?? '', node)
  const span = msOfSpan(node.text)
  if (span !== undefined) return constant('timespan', span)
  const value = numberOrBool(node.text)
  if (value === undefined) throw new NotCovered('the literal', node)
  return constant(typeof value === 'boolean' ? 'bool' : node.text.includes('.') ? 'real' : 'long', value)
}

const nameIn = (token: KqlNode | undefined): string => {
  const name = /^"([^"\\\\]*)"$/.exec(token?.text ?? '')?.[1]
  if (name === undefined) throw new NotCovered('the name of a member', token)
  return name
}

/** What stands within `dynamic(…)`. */
export const dynamicValue = (node: KqlNode): Json => {
  const [first, second] = node.children
  switch (node.kind) {
    case 'JsonArrayExpression':
      return node.children.map(dynamicValue)
    case 'JsonObjectExpression':
      return Object.fromEntries(
        node.children.map(({ children: [name, value] }) => [nameIn(name), dynamicValue(value as KqlNode)]),
      )
    case 'PrefixUnaryExpression':
      return -(dynamicValue(second as KqlNode) as number)
    case 'LiteralExpression': {
      if (first?.text === 'null') return null
      const value = node.quoted ?? numberOrBool(node.text)
      if (value !== undefined) return value
    }
  }
  throw new NotCovered('within dynamic()', node)
}
