import { lastNameOf, type ServiceSyntax, typeNameOf } from './language.ts'

/** What our checks read of a syntax tree, as data: its nodes without tokens and lists. */
export interface Syntax {
  /** The last part of the type's name, such as `BinaryExpression`. */
  readonly type: string
  readonly start: number
  readonly end: number
  /** Of a reference: the name, and what it refers to. */
  readonly name?: string
  readonly symbol?: { readonly type: string; readonly name: string }
  /** Of an expression: the type of its value, and of one with two sides, what stands between. */
  readonly resultType?: string
  readonly operator?: string
  /** The value of a literal in quotes. */
  readonly quoted?: string
  readonly children: readonly Syntax[]
}

/** Lists, and elements with their separators, are generic types. */
export const isList = (syntax: ServiceSyntax): boolean => typeNameOf(syntax).includes('`')
export const isToken = (syntax: ServiceSyntax): boolean => typeNameOf(syntax).includes('SyntaxToken')

export const partsOf = (syntax: ServiceSyntax): readonly ServiceSyntax[] =>
  Array.from({ length: syntax.ChildCount }, (_, i) => syntax.GetChild(i)).flatMap((child) => {
    if (child === null) return []
    return isList(child) ? partsOf(child) : [child]
  })

export const syntaxOf = (syntax: ServiceSyntax): Syntax => {
  const { SimpleName, ReferencedSymbol, ResultType, Operator, LiteralValue } = syntax
  return {
    type: lastNameOf(syntax),
    start: syntax.TextStart,
    end: syntax.End,
    ...(SimpleName !== undefined && { name: SimpleName }),
    ...(ReferencedSymbol && { symbol: { type: lastNameOf(ReferencedSymbol), name: ReferencedSymbol.Name } }),
    ...(ResultType && { resultType: ResultType.Name }),
    ...(Operator?.Text !== undefined && { operator: Operator.Text }),
    ...(typeof LiteralValue === 'string' && { quoted: LiteralValue }),
    children: partsOf(syntax)
      .filter((part) => !isToken(part))
      .map(syntaxOf),
  }
}

/** A node and all below it, parents first. */
export const nodesOf = (root: Syntax): readonly Syntax[] => [root, ...root.children.flatMap(nodesOf)]

/** Nodes of a kind, each with those above it, the nearest first. */
export const nodesBelow = (
  root: Syntax,
  isSought: (node: Syntax) => boolean,
  above: readonly Syntax[] = [],
): readonly { readonly node: Syntax; readonly above: readonly Syntax[] }[] => [
  ...(isSought(root) ? [{ node: root, above }] : []),
  ...root.children.flatMap((child) => nodesBelow(child, isSought, [root, ...above])),
]
