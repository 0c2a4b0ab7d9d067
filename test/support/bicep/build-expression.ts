import type { Node } from 'web-tree-sitter'
import type { Expression, Property } from './ast.ts'
import { bindInsideLambda, bindToLast } from './rebind.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  "\\'": "'",
  '\\\\': '\\',
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '\\$': '$',
}

/** Named children without comments. */
export const partsOf = (node: Node): readonly Node[] =>
  node.namedChildren.filter((c): c is Node => c !== null && c.type !== 'comment')

const has = (node: Node, token: string): boolean =>
  node.children.some((c) => c !== null && !c.isNamed && c.text === token)

const operatorOf = (node: Node): string => node.children.find((c) => c !== null && !c.isNamed)?.text ?? ''

const nth = (node: Node, index: number): Expression => {
  const part = partsOf(node)[index]
  if (part === undefined)
    throw new Error(`line ${node.startPosition.row + 1}: ${node.type} without part ${index}`)
  return buildExpression(part)
}

const stringPart = (node: Node): string | Expression => {
  if (node.type === 'interpolation') return nth(node, 0)
  return node.type === 'escape_sequence' ? (ESCAPES[node.text] ?? node.text) : node.text
}

const names = (node: Node): readonly string[] =>
  node.type === 'parenthesized_expression' ? partsOf(node).map((p) => p.text) : [node.text]

function property(node: Node): Property {
  const [key, value] = partsOf(node)
  if (key === undefined || value === undefined)
    throw new Error(`line ${node.startPosition.row + 1}: no property`)
  return {
    key: key.type === 'identifier' ? { kind: 'string', parts: [key.text] } : buildExpression(key),
    value: buildExpression(value),
    line: node.startPosition.row + 1,
  }
}

function forLoop(node: Node): Expression {
  const parts = partsOf(node)
  const head = parts[0]
  if (head === undefined) throw new Error(`line ${node.startPosition.row + 1}: empty loop`)
  const [item, index] = head.type === 'for_loop_parameters' ? partsOf(head).map((p) => p.text) : [head.text]
  return { kind: 'for', item: item ?? '', index, over: nth(node, 1), body: nth(node, 2) }
}

/**
 * Below another item the grammar takes a call apart: `f('x')` on a line of its own is read as `f`
 * and `('x')`. Here it is put together.
 */
function itemsOf(array: Node): readonly Expression[] {
  const parts = partsOf(array)
  return parts.flatMap((part, i) => {
    const [before, next] = [parts[i - 1], parts[i + 1]]
    const isCall = (callee: Node | undefined, args: Node | undefined): boolean =>
      callee?.type === 'identifier' &&
      args?.type === 'parenthesized_expression' &&
      callee.endIndex === args.startIndex
    if (isCall(before, part)) return []
    return isCall(part, next) && next !== undefined
      ? [{ kind: 'call', name: part.text, args: partsOf(next).map(buildExpression) }]
      : [buildExpression(part)]
  })
}

/** The expression that a node of the concrete syntax stands for. */
export function buildExpression(node: Node): Expression {
  switch (node.type) {
    case 'string':
      return { kind: 'string', parts: partsOf(node).map(stringPart) }
    case 'number':
      return { kind: 'number', value: Number(node.text) }
    case 'boolean':
      return { kind: 'boolean', value: node.text === 'true' }
    case 'null':
      return { kind: 'null' }
    case 'identifier':
    case 'loop_variable':
      return { kind: 'name', name: node.text }
    case 'member_expression': {
      const name = partsOf(node)[1]?.text ?? ''
      const safe = has(node, '.?')
      return bindToLast(nth(node, 0), (of) => ({ kind: 'member', of, name, safe }))
    }
    case 'subscript_expression': {
      const at = nth(node, 1)
      return bindToLast(nth(node, 0), (of) => ({ kind: 'index', of, at }))
    }
    case 'call_expression': {
      const [callee, args] = partsOf(node)
      if (callee?.type !== 'identifier' || args === undefined) {
        throw new Error(`line ${node.startPosition.row + 1}: only plain calls are known: ${node.text}`)
      }
      return { kind: 'call', name: callee.text, args: partsOf(args).map(buildExpression) }
    }
    case 'object':
      return {
        kind: 'object',
        properties: partsOf(node)
          .filter((p) => p.type === 'object_property')
          .map(property),
      }
    case 'array':
      return { kind: 'array', items: itemsOf(node) }
    case 'for_statement':
      return forLoop(node)
    case 'if_statement':
      return { kind: 'if', condition: nth(node, 0), body: nth(node, 1) }
    case 'ternary_expression': {
      const whenTrue = nth(node, 1)
      const whenFalse = nth(node, 2)
      return bindInsideLambda(nth(node, 0), (condition) => ({
        kind: 'ternary',
        condition,
        whenTrue,
        whenFalse,
      }))
    }
    case 'binary_expression': {
      const operator = operatorOf(node)
      const right = nth(node, 1)
      return bindInsideLambda(nth(node, 0), (left) => ({ kind: 'binary', operator, left, right }))
    }
    case 'unary_expression':
      return { kind: 'unary', operator: operatorOf(node), operand: nth(node, 0) }
    case 'lambda_expression': {
      const head = partsOf(node)[0]
      return { kind: 'lambda', parameters: head === undefined ? [] : names(head), body: nth(node, 1) }
    }
    case 'parenthesized_expression':
      return { kind: 'group', inner: nth(node, 0) }
    default:
      throw new Error(
        `line ${node.startPosition.row + 1}: unknown syntax ${node.type}: ${node.text.slice(0, 60)}`,
      )
  }
}
