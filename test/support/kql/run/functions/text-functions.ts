import { scalar } from '../model.ts'
import { NotCovered } from '../not-covered.ts'
import { expressionOf } from '../texts.ts'
import { textOf } from '../values.ts'
import { type Builder, type Functions, oneOf, strict } from './signature.ts'

const concatenated: Builder = (given) =>
  scalar('string', (row, place) => given.map((part) => textOf(part.at(row, place), part.type)).join(''))

const trimmed = (pattern: string, text: string): string =>
  text.replace(expressionOf(`^(?:${pattern})+`), '').replace(expressionOf(`(?:${pattern})+$`), '')

const part = (text: string, start: number, length: number): string => {
  if (start < 0) throw new NotCovered(`substring from ${start}`)
  return text.slice(start, start + length)
}

const group = (pattern: string, index: number, text: string): string =>
  expressionOf(pattern).exec(text)?.[index] ?? ''

const groupsIn = (pattern: string): number => (expressionOf(`${pattern}|`).exec('')?.length ?? 0) - 1

/** All matches of the one group of a pattern; `null`, no empty array, where there is none. */
const allMatches = (pattern: string, text: string): readonly string[] | null => {
  if (groupsIn(pattern) !== 1) throw new NotCovered(`extract_all of other than one group: ${pattern}`)
  const found = [...text.matchAll(expressionOf(pattern, 'g'))].map(([, first]) => first ?? '')
  return found.length === 0 ? null : found
}

/** https://learn.microsoft.com/kusto/query/scalar-functions#string-functions */
export const TEXT_FUNCTIONS: Functions = {
  strcat: concatenated,
  tolower: strict(['string'], 'string', (text) => text.toLowerCase()),
  toupper: strict(['string'], 'string', (text) => text.toUpperCase()),
  strlen: strict(['string'], 'long', (text) => text.length),
  substring: oneOf(
    strict(['string', 'long'], 'string', (text, start) => part(text, start, text.length)),
    strict(['string', 'long', 'long'], 'string', part),
  ),
  split: strict(['string', 'string'], 'dynamic', (text, by) => text.split(by)),
  trim: strict(['string', 'string'], 'string', trimmed),
  extract: strict(['string', 'long', 'string'], 'string', group),
  extract_all: strict(['string', 'string'], 'dynamic', allMatches),
  replace_string: strict(['string', 'string', 'string'], 'string', (text, from, to) =>
    text.replaceAll(from, to),
  ),
}
