import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sectionOf, tableRows } from '../support/generated-section.ts'

const PAGE = 'docs/auditors.md'
const TABLE = 'auditors.md#what-it-shows-and-what-not'
const WORD = /tamper[- ]?(?:evident|evidence|proof|resistant|safe)/i

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].concat(
  readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
)

/** Paragraphs, and rows of tables each on its own. */
const paragraphsOf = (page: string): readonly string[] =>
  readFileSync(page, 'utf8').split(/\n\s*\n|\n(?=[|-])/)

const promises = tableRows(sectionOf(PAGE, '<!-- promises -->', '<!-- /promises -->'))

describe('the word tamper-evident', () => {
  it('stands in README, package.json and docs', () => {
    const { description, keywords }: { description: string; keywords: string[] } = JSON.parse(
      readFileSync('package.json', 'utf8'),
    )
    expect(description).toMatch(WORD)
    expect(keywords).toContain('tamper-evident')
    expect(pages.filter((page) => WORD.test(readFileSync(page, 'utf8')))).toEqual(
      expect.arrayContaining(['README.md', PAGE, 'docs/evidence.md']),
    )
  })

  it.each(pages)('stands in %s only beside a link to what it means and what proves it', (page) => {
    const bare = paragraphsOf(page).filter((text) => WORD.test(text) && !text.includes(TABLE))
    expect(page === PAGE ? [] : bare).toEqual([])
  })

  it('never claims more: nothing is proof against tampering', () => {
    for (const page of pages)
      expect(readFileSync(page, 'utf8')).not.toMatch(/tamper[- ]?(?:proof|resistant|safe)/i)
  })

  it('means what the table says: signed or compared with an anchor, and nothing without either', () => {
    const row = promises.find(([promise = '']) => WORD.test(promise))
    expect(row?.[1]).toMatch(/signature.* or .*anchor/)
    expect(row?.[2]).toMatch(/`WORM_ONLY`.*unlocked/)
  })
})

describe('the promises of docs/auditors.md', () => {
  it('name each the tests that prove them, or what else there is to look at', () => {
    expect(promises.length).toBeGreaterThan(6)
    for (const [promise, , , proof = ''] of promises) {
      const tests = [...proof.matchAll(/\]\(([^)]+\.test\.ts)\)/g)].map(([, path = '']) => path)
      const isOutside = proof.startsWith('no test:')
      expect([promise, isOutside ? tests.length : tests.length > 0]).toEqual([promise, isOutside ? 0 : true])
      expect(tests.filter((path) => !existsSync(normalize(join(dirname(PAGE), path))))).toEqual([])
    }
  })
})
