import { expect, test } from 'vitest'
import { WEBHOOK_FORMATS, type WebhookFormatTraits } from '../../shared/domain/webhook-formats.ts'
import { codes, tableOf } from '../support/fields/field-tables.ts'
import { generatedSection } from '../support/generated-section.ts'

test('the page of destinations has every format, its framings and its usual authentication', () => {
  const formats: readonly (readonly [string, WebhookFormatTraits])[] = Object.entries(WEBHOOK_FORMATS)
  const rows = formats.map(([name, { contentTypes, authentication }]) => [
    `\`${name}\``,
    codes(Object.keys(contentTypes)),
    `\`${authentication}\``,
  ])
  const table = tableOf(['format', 'framing (the first is the default)', 'usual `AUTH`'], rows)
  expect(generatedSection('docs/destinations.md', 'formats', table)).toBe(table)
})
