import { type KqlDiagnostic, kustoLanguage, listOf, type Syntax, typeNameOf } from '../language.ts'
import { NotCovered } from './not-covered.ts'
import { statementsOf } from './statements-of.ts'

/** A node of the language service's syntax tree, without its lists and punctuation. */
export interface KqlNode {
  /** The last part of the type's name, such as `FilterOperator`; `Token` for a word of the language. */
  readonly kind: string
  readonly text: string
  /** The value of a literal in quotes. */
  readonly quoted: string | undefined
  readonly children: readonly KqlNode[]
}

const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ';', '|', ':', '=', '.', '..', ''])

const kindOf = (syntax: Syntax): string => {
  const name = typeNameOf(syntax)
  return name.includes('SyntaxToken') ? 'Token' : name.slice(name.lastIndexOf('.') + 1)
}

/** Lists, and elements with their separators, are generic types. */
const isList = (syntax: Syntax): boolean => typeNameOf(syntax).includes('`')

const childrenOf = (syntax: Syntax, source: string): readonly KqlNode[] => {
  const nodes: KqlNode[] = []
  for (let i = 0; i < syntax.ChildCount; i++) {
    const child = syntax.GetChild(i)
    if (child === null) continue
    if (isList(child)) nodes.push(...childrenOf(child, source))
    else if (!PUNCTUATION.has(child.Text ?? 'node')) nodes.push(nodeOf(child, source))
  }
  return nodes
}

const nodeOf = (syntax: Syntax, source: string): KqlNode => ({
  kind: kindOf(syntax),
  text: source.slice(syntax.TextStart, syntax.End),
  quoted: typeof syntax.LiteralValue === 'string' ? syntax.LiteralValue : undefined,
  children: childrenOf(syntax, source),
})

const parseStatement = (text: string): readonly KqlNode[] => {
  const code = kustoLanguage().KustoCode.Parse(text)
  const [error] = listOf<KqlDiagnostic>(code.GetDiagnostics())
  if (error !== undefined)
    throw new NotCovered(`${error.Message} at ${text.slice(error.Start, error.Start + 40)}`)
  return childrenOf(code.Syntax, text).filter(({ kind }) => kind !== 'Token')
}

const remembered = new Map<string, readonly KqlNode[]>()

/** The statements of a query as syntax. Throws where the text is not KQL. */
export const parseKql = (text: string): readonly KqlNode[] =>
  statementsOf(text).flatMap((statement) => {
    const known = remembered.get(statement) ?? parseStatement(statement)
    remembered.set(statement, known)
    return known
  })
