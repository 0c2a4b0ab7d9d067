import { kept } from '../kept.ts'
import { type KqlDiagnostic, kustoLanguage, lastNameOf, listOf, type ServiceSyntax } from '../language.ts'
import { isToken, partsOf } from '../syntax.ts'
import { NotCovered } from './not-covered.ts'
import { statementsOf } from './statements-of.ts'

/** A node of the language service's syntax tree, without its lists and punctuation. */
export interface KqlNode {
  /** The last part of the type's name, such as `FilterOperator`; `Token` for a word of the language. */
  readonly kind: string
  readonly text: string
  /** The value of a literal in quotes. */
  readonly quoted?: string
  readonly children: readonly KqlNode[]
}

const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ';', '|', ':', '=', '.', '..', ''])

const childrenOf = (syntax: ServiceSyntax, source: string): readonly KqlNode[] =>
  partsOf(syntax)
    .filter((part) => !PUNCTUATION.has(part.Text ?? 'node'))
    .map((part) => nodeOf(part, source))

const nodeOf = (syntax: ServiceSyntax, source: string): KqlNode => ({
  kind: isToken(syntax) ? 'Token' : lastNameOf(syntax),
  text: source.slice(syntax.TextStart, syntax.End),
  ...(typeof syntax.LiteralValue === 'string' && { quoted: syntax.LiteralValue }),
  children: childrenOf(syntax, source),
})

const parseStatement = (text: string): readonly KqlNode[] => {
  const code = kustoLanguage().KustoCode.Parse(text)
  const [error] = listOf<KqlDiagnostic>(code.GetDiagnostics())
  if (error !== undefined)
    throw new NotCovered(`${error.Message} at ${text.slice(error.Start, error.Start + 40)}`)
  return childrenOf(code.Syntax, text).filter(({ kind }) => kind !== 'Token')
}

/** The statements of a query as syntax. Throws where the text is not KQL. */
export const parseKql = (text: string): readonly KqlNode[] =>
  statementsOf(text).flatMap((statement) => kept('syntax', statement, parseStatement))
