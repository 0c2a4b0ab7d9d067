import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DETECTION_CATALOGUE } from '../../shared/domain/detections.ts'
import { RISK_DETAILS } from '../../shared/domain/risk-details.ts'
import { codesIn, generatedSection, sectionOf, tableRows } from '../support/generated-section.ts'

const PAGE = 'docs/detections.md'

const catalogueTable = [
  '| type | English | 日本語 | 简体中文 | severity | techniques | what it means |',
  '| --- | --- | --- | --- | --- | --- | --- |',
  ...DETECTION_CATALOGUE.map(
    ({ riskEventType, names, severity, techniques, description }) =>
      `| \`${riskEventType}\` | ${names.en} | ${names.ja} | ${names['zh-Hans']} | ${severity} | ${techniques.join(', ')} | ${description} |`,
  ),
].join('\n')

const detailsTable = [
  '| detail | meaning |',
  '| --- | --- |',
  ...[...RISK_DETAILS].map(([detail, meaning]) => `| \`${detail}\` | ${meaning} |`),
].join('\n')

describe('the page of detection types', () => {
  it('has the catalogue as the program declares it', () => {
    expect(generatedSection(PAGE, 'detections', catalogueTable)).toBe(catalogueTable)
  })

  it('has the risk details as the program declares them', () => {
    expect(generatedSection(PAGE, 'details', detailsTable)).toBe(detailsTable)
  })

  it('explains the kinds of agents', () => {
    const kinds = ['agentIdentity', 'agentUser', 'agentIdentityBlueprintPrincipal']
    expect(codesIn(sectionOf(PAGE, '## Agents', '## Risk details'))).toEqual(expect.arrayContaining(kinds))
  })

  it('gives the basis of every technique of the catalogue, and of no other', () => {
    const text = readFileSync(PAGE, 'utf8')
    const rows = tableRows(text.slice(text.indexOf('| type | technique | basis |')))
    const explained = rows.map(
      ([type = '', technique = '']) => `${codesIn(type)[0]} ${codesIn(technique)[0]}`,
    )
    const set = DETECTION_CATALOGUE.flatMap((d) => d.techniques.map((t) => `${d.riskEventType} ${t}`))
    expect(new Set(explained)).toEqual(new Set(set))
    expect(explained).toHaveLength(set.length)
    for (const [, , basis = ''] of rows) expect(basis.length).toBeGreaterThan(10)
  })
})
