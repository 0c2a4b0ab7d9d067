import { type Scalar, scalar } from './model.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { textOf } from './values.ts'

const isOfTerm = (char: string | undefined): boolean => char !== undefined && /[A-Za-z0-9]/.test(char)

/**
 * Whether a text has another as a whole term, or as several in a row: no letter or digit goes on
 * where it begins or ends. https://learn.microsoft.com/kusto/query/datatypes-string-operators
 */
export const hasTerm = (text: string, term: string): boolean => {
  const [within, sought] = [text.toLowerCase(), term.toLowerCase()]
  for (let at = within.indexOf(sought); at >= 0; at = within.indexOf(sought, at + 1)) {
    const goesOnBefore = isOfTerm(within[at - 1]) && isOfTerm(sought[0])
    const goesOnAfter = isOfTerm(within[at + sought.length]) && isOfTerm(sought.at(-1))
    if (!goesOnBefore && !goesOnAfter) return true
  }
  return false
}

const TESTS: Readonly<Record<string, (text: string, other: string) => boolean>> = {
  has: hasTerm,
  contains: (text, other) => text.toLowerCase().includes(other.toLowerCase()),
  startswith: (text, other) => text.toLowerCase().startsWith(other.toLowerCase()),
  endswith: (text, other) => text.toLowerCase().endsWith(other.toLowerCase()),
  '=~': (text, other) => text.toLowerCase() === other.toLowerCase(),
}

const negated = (test: (text: string, other: string) => boolean) => (text: string, other: string) =>
  !test(text, other)

/** Operators on two texts; none minds the case. */
export const TEXT_OPERATORS: Readonly<Record<string, (text: string, other: string) => boolean>> = {
  ...TESTS,
  ...Object.fromEntries(
    Object.entries(TESTS).map(([name, test]) => [name === '=~' ? '!~' : `!${name}`, negated(test)]),
  ),
}

/** Text that a text operator reads: dynamic values are read as their JSON. */
export const asText = (of: Scalar, node: KqlNode): Scalar => {
  if (of.type === 'string') return of
  if (of.type !== 'dynamic') throw new NotCovered(`a text operator on ${of.type}`, node)
  return scalar('string', (row, place) => textOf(of.at(row, place), 'dynamic'))
}

export const textTest = (operator: string, left: Scalar, right: Scalar, node: KqlNode): Scalar => {
  const test = TEXT_OPERATORS[operator] as (text: string, other: string) => boolean
  const [text, other] = [asText(left, node), asText(right, node)]
  return scalar('bool', (row, place) => test(text.at(row, place) as string, other.at(row, place) as string))
}

/** Kusto writes regular expressions as RE2 does; what JavaScript reads otherwise is refused. */
export const expressionOf = (pattern: string, flags = ''): RegExp => {
  if (/\(\?(?!:)|\\[AzQEpPC]|\[\[:/.test(pattern)) throw new NotCovered(`the regular expression ${pattern}`)
  return new RegExp(pattern, flags)
}
