import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { logTelemetry } from '../../shared/telemetry/log-telemetry.ts'
import type { Problem } from '../../shared/telemetry/telemetry.ts'
import { codesIn, sectionOf, tableRows } from '../support/generated-section.ts'

const PAGE = 'docs/operations.md'
const rowsOf = (name: string): readonly (readonly string[])[] =>
  tableRows(sectionOf(PAGE, `<!-- ${name} -->`, `<!-- /${name} -->`))

describe('the page for operators', () => {
  it('has a row for every problem, with the beginning of its line', () => {
    const declared =
      /type Problem =([\s\S]*?)\n\n/.exec(readFileSync('shared/telemetry/telemetry.ts', 'utf8'))?.[1] ?? ''
    const problems = [...declared.matchAll(/'(\w+)'/g)].map(([, name = '']) => name)
    expect(problems.length).toBeGreaterThan(5)
    const rows = rowsOf('problems')
    expect(rows.map(([problem = '']) => codesIn(problem)[0])).toEqual(problems)
    for (const [problem = '', begins = ''] of rows) {
      const lines: string[] = []
      logTelemetry((_, line) => lines.push(line)).problem(codesIn(problem)[0] as Problem, undefined)
      expect(lines[0]).toContain(codesIn(begins)[0])
    }
  })

  it('names every metric', () => {
    const source = readFileSync('shared/telemetry/metric-telemetry.ts', 'utf8')
    const metrics = [...source.matchAll(/'(risk_export_\w+)'/g)].map(([, name = '']) => name)
    expect(metrics.length).toBeGreaterThan(5)
    for (const metric of metrics) expect(codesIn(readFileSync(PAGE, 'utf8'))).toContain(metric)
  })
})
