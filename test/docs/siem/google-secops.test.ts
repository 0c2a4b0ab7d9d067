import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { secopsEvent } from '../../../shared/sinks/webhook/formats/secops/secops-event.ts'
import { archived, detection } from '../../support/archived-events.ts'
import { textOf } from '../../support/event-forms.ts'
import { mappingTable } from '../../support/fields/mapping-table.ts'
import { generatedSection } from '../../support/generated-section.ts'

const PAGE = 'docs/siem/google-secops.md'
const mapping = mappingTable((event) => {
  const { udm } = JSON.parse(textOf(secopsEvent, event))
  const { security_result: [result] = [{}], ...around } = udm
  const { detection_fields: labels = [], ...members } = result
  const named = labels.map((one: { key: string; value: string }) => [
    `detection_fields[${one.key}]`,
    one.value,
  ])
  return { ...around, security_result: { ...members, ...Object.fromEntries(named) } }
}, 'Google SecOps')

test('the page of Google SecOps has the mapping as the program has it', () => {
  expect(generatedSection(PAGE, 'mapping', mapping)).toBe(mapping)
})

test('its rule and its search compare fields that a detection of high risk has, with its values', () => {
  const { udm } = JSON.parse(textOf(secopsEvent, archived(detection('a'))))
  const [result] = udm.security_result
  const page = readFileSync(PAGE, 'utf8')
  const valueAt = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], {
      ...udm,
      security_result: result,
    })
  const compared = [...page.matchAll(/(?:\$e\.)?((?:metadata|security_result)\.[\w.]+) = "([^"]+)"/g)]
  expect(compared.length).toBeGreaterThan(5)
  for (const [, path = '', value] of compared) expect(valueAt(path), path).toBe(value)
  const named = [...page.matchAll(/\$e\.([\w.]+)/g)].map(([, path = '']) => path)
  for (const path of named) expect(valueAt(path), path).toBeDefined()
})
