import { describe, expect, it } from 'vitest'
import { DETECTION_CATALOGUE } from '../../../shared/domain/detections.ts'
import { read } from '../../support/kql/sentinel-content.ts'
import { SOC_DOCUMENT, withGeneratedParts } from '../../support/kql/soc-document.ts'

describe('the page for analysts', () => {
  const page = read(SOC_DOCUMENT)

  it('has the tables, rules and hunting queries that the program declares', async () => {
    await expect(withGeneratedParts(page)).toMatchFileSnapshot(`../../../${SOC_DOCUMENT}`)
  })

  it('tells how to triage each documented detection type', () => {
    const headings = [...page.matchAll(/^### .*\(`(\w+)`\)$/gm)].map(([, type]) => type)
    expect(headings).toEqual(expect.arrayContaining(DETECTION_CATALOGUE.map((d) => d.riskEventType)))
  })
})
