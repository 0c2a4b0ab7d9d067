import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { detectionsTable } from '../../shared/sinks/log-analytics/detections-table.ts'
import { identitiesTable } from '../../shared/sinks/log-analytics/identities-table.ts'
import { codesIn, sectionOf, tableRows } from '../support/generated-section.ts'

/** What this program promises. Whoever changes a word here changes what people rely on. */
const PROMISES = [
  'Nothing accepted by the Event Hub is lost while its retention lasts: it ends in the archive, and per sink delivered, pending, dead-lettered, or known to be a duplicate or filtered.',
  'For every record of an enabled category, and of any unknown risk category, the archive holds the exact bytes; for every message that holds one, its position, size, digest and counts; for the others their sequence numbers and counts.',
  'At least once to every sink; every event carries `eventId` for the receiver to drop duplicates; a batch that the host runs again is not delivered again to a sink that is known to have it.',
  "One sink's trouble delays another by at most the delivery timeout (1 s) per batch until its breaker opens, then not at all. (The archive is not a sink: while it is down, nothing is delivered, nothing is lost.)",
  'Bad input is a counted, kept, explained fault: never a crash, never a block, never silent.',
  'Secrets and record contents never reach logs.',
] as const

const promisesIn = (page: string): readonly string[] =>
  sectionOf(page, '<!-- promises -->', '<!-- /promises -->')
    .split(/^\d\. /m)
    .slice(1)
const promised = promisesIn('docs/promises.md')
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].concat(
  readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
)
const withoutCode = (markdown: string): string => markdown.replace(/```[\s\S]*?```/g, '')

/** As GitHub makes anchors of headings. */
const anchorsOf = (markdown: string): ReadonlySet<string> =>
  new Set(
    [...withoutCode(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )

const linksOf = (page: string): readonly string[] =>
  [...withoutCode(readFileSync(page, 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

describe('the README', () => {
  it('makes exactly the promises that are agreed', () => {
    for (const texts of [promised, promisesIn('README.md')])
      expect(texts.map((text) => text.split('\n')[0])).toEqual([...PROMISES])
  })

  it('names for each promise tests that are there', () => {
    for (const text of promised) {
      const proofs = [...text.matchAll(/\]\(\.\.\/(test\/[^)]+\.test\.ts)\)/g)].map(([, path = '']) => path)
      expect(proofs).not.toEqual([])
      expect(proofs.filter((path) => !existsSync(path))).toEqual([])
    }
  })

  it('has a page that says for every column of the two risk tables which field it comes from', () => {
    const rows = tableRows(sectionOf('docs/fields.md', '<!-- fields: generated -->', '<!-- /fields -->'))
    const mapped = rows.flatMap(([, , columns = '']) => codesIn(columns))
    const declared = [...detectionsTable.columns, ...identitiesTable.columns].map(({ name }) => name)
    expect(new Set(mapped)).toEqual(new Set(declared))
    expect(mapped).toHaveLength(new Set(mapped).size)
  })

  it('has at most 130 lines', () => {
    expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThanOrEqual(130)
  })

  it('names only commands that package.json has, and so does CONTRIBUTING', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'))
    const used = ['README.md', 'CONTRIBUTING.md'].flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name),
    )
    expect(used.filter((name) => scripts[name] === undefined)).toEqual([])
  })
})

describe.each(pages)('the links of %s', (page) => {
  it('lead to files and headings that are there', () => {
    const broken = linksOf(page).filter((target) => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : normalize(join(dirname(page), path))
      if (!existsSync(file)) return true
      return (
        anchor !== undefined && file.endsWith('.md') && !anchorsOf(readFileSync(file, 'utf8')).has(anchor)
      )
    })
    expect(broken).toEqual([])
  })
})
