import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

const update = process.env['UPDATE'] === '1'

/** The text between two marks of a page, without them. */
export function sectionOf(page: string, begin: string, end: string): string {
  const text = readFileSync(page, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  expect(from, `${page} has ${begin}`).toBeGreaterThanOrEqual(0)
  expect(to, `${page} has ${end} after it`).toBeGreaterThan(from)
  return text.slice(from + begin.length, to).trim()
}

/**
 * What a page has in a part that is generated: to be compared with `content`, which `UPDATE=1`
 * writes there.
 */
export function generatedSection(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: generated -->`, `<!-- /${name} -->`]
  if (update) {
    const text = readFileSync(page, 'utf8')
    const [before = '', rest = ''] = text.split(begin)
    writeFileSync(page, `${before}${begin}\n${content}\n${rest.slice(rest.indexOf(end))}`)
  }
  return sectionOf(page, begin, end)
}

/** The cells of a Markdown table's rows, without head and rule. */
export const tableRows = (markdown: string): readonly (readonly string[])[] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    )

/** What stands in back-ticks. */
export const codesIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
