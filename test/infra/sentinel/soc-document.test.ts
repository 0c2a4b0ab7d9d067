import { describe, expect, it } from 'vitest'
import { DETECTION_CATALOGUE } from '../../../shared/domain/detections.ts'
import { tableRows } from '../../support/generated-section.ts'
import { hunts, read, rules } from '../../support/kql/sentinel-content.ts'
import { SOC_DOCUMENT, withGeneratedParts } from '../../support/kql/soc-document.ts'

describe('the page for analysts', () => {
  const page = read(SOC_DOCUMENT)

  it('has the tables, rules and hunting queries that the program declares', async () => {
    await expect(withGeneratedParts(page)).toMatchFileSnapshot(`../../../${SOC_DOCUMENT}`)
  })

  it.each(rules().map(({ rule }) => rule.name))(
    'tells of "%s" when it fires, when it does not, and what to do',
    (name) => {
      const tables = page.slice(page.indexOf('<!-- end of rules -->'), page.indexOf('## Hunting queries'))
      const [row = []] = tableRows(tables).filter(([first]) => first === name)
      expect(row.filter((cell) => cell !== '')).toHaveLength(4)
    },
  )

  it('tells how to read every hunting query, and what it cannot tell', () => {
    const [, guide = ''] = page.split('How to read what they find:')
    const told = tableRows(guide.slice(0, guide.indexOf('\n## ')))
    expect(new Set(told.map(([name]) => name))).toEqual(new Set(hunts().map(({ rule }) => rule.name)))
    expect(told.flat().filter((cell) => cell === '')).toEqual([])
  })

  it('tells how to triage each documented detection type', () => {
    const headings = [...page.matchAll(/^### .*\(`(\w+)`\)$/gm)].map(([, type]) => type)
    expect(headings).toEqual(expect.arrayContaining(DETECTION_CATALOGUE.map((d) => d.riskEventType)))
  })
})
