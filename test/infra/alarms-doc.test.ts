import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sectionOf, tableRows } from '../support/generated-section.ts'

const PAGE = 'docs/operations.md'
const rows = tableRows(
  /\n## Alarms\n([\s\S]*?)\n## /
    .exec(readFileSync(PAGE, 'utf8'))?.[1]
    ?.split('\n')
    .filter((line) => line.startsWith('|'))
    .join('\n') ?? '',
)

/** Alarms as the templates name them to whoever reads the mail, with their severity where they have one. */
const deployed = readdirSync('infra/modules')
  .filter((file) => file.endsWith('alerts.bicep'))
  .map((file) => readFileSync(`infra/modules/${file}`, 'utf8'))
  .flatMap((text) =>
    [...text.matchAll(/\{\n {4}name: '([\w-]+)'\n([\s\S]*?)\n {2}\}/g)].map(([, name = '', body = '']) => ({
      name: /displayName: 'Entra risk export: ([^']+)'/.exec(body)?.[1] ?? name,
      severity: /severity: (\d)/.exec(body)?.[1] ?? '',
    })),
  )

describe('docs/operations.md', () => {
  it('has a row for every alarm that is deployed, with its severity and a first step', () => {
    expect(deployed.length).toBeGreaterThan(7)
    for (const { name, severity } of deployed) {
      const row = rows.find(([alarm]) => alarm === name || alarm === `\`${name}\``)
      expect([name, row?.[1], (row?.[3] ?? '').length > 10]).toEqual([name, severity, true])
    }
  })

  it('names alarms for its objectives that it describes', () => {
    const objectives = sectionOf(PAGE, '<!-- objectives -->', '<!-- /objectives -->')
    const named = [...objectives.matchAll(/alarm \*([^*]+)\*/g)].map(([, name = '']) => name)
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((name) => !rows.some(([alarm]) => alarm === name))).toEqual([])
  })
})
