import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'

/** The name that a declaration or a reference writes, in brackets or not. */
export const nameIn = (node: KqlNode | undefined): string => {
  const [inner] = node?.children ?? []
  if (node === undefined) throw new NotCovered('nothing where a name should be')
  if (node.kind === 'BracketedName') return inner?.quoted ?? ''
  if (node.kind === 'TokenName') return inner?.text ?? ''
  if (node.kind === 'NameReference' || node.kind === 'NameDeclaration') return nameIn(inner)
  throw new NotCovered('a name', node)
}

/** Children of a node that are no words of the language. */
export const partsOf = (node: KqlNode): readonly KqlNode[] =>
  node.children.filter(({ kind }) => kind !== 'Token')

/** The parts of an operator without its parameters, such as `kind=inner`. */
export const operandsOf = (node: KqlNode): readonly KqlNode[] =>
  partsOf(node).filter(({ kind }) => kind !== 'NamedParameter')

/** The parameters of an operator. Throws where it has one that is not covered. */
export const parametersOf = (node: KqlNode, covered: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    node.children
      .filter(({ kind }) => kind === 'NamedParameter')
      .map((parameter) => {
        const [declared, value] = parameter.children
        const name = nameIn(declared)
        if (!covered.includes(name)) throw new NotCovered(`the parameter ${name}`, node)
        return [name, value?.kind === 'NameDeclaration' ? nameIn(value) : (value?.text ?? '')]
      }),
  )

/** An expression and the name that it is given, if any. */
export const namedExpression = (
  node: KqlNode,
): { readonly name: string | undefined; readonly node: KqlNode } => {
  const [declared, expression] = node.children
  return node.kind === 'SimpleNamedExpression' && expression !== undefined
    ? { name: nameIn(declared), node: expression }
    : { name: undefined, node }
}

/** The name that Kusto gives the column of an expression without one. */
export const columnNameOf = (node: KqlNode): string => {
  const [first, second] = node.children
  if (node.kind === 'NameReference') return nameIn(node)
  if (node.kind === 'PathExpression') return `${columnNameOf(first as KqlNode)}_${nameIn(second)}`
  const argument = second?.children[0]
  if (node.kind === 'FunctionCallExpression') {
    const called = nameIn(first)
    if (called === 'bin' && argument !== undefined) return columnNameOf(argument)
  }
  throw new NotCovered('a column without a name', node)
}
