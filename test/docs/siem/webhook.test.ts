import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { WEBHOOK_SETTINGS } from '../../../shared/config/webhook-settings.ts'
import { generatedSection } from '../../support/generated-section.ts'

const PAGE = 'docs/siem/webhook.md'

test.each([
  ['py', 'python'],
  ['ts', 'ts'],
])('the page of webhooks has the receiver.%s that the tests run', (extension, language) => {
  const code = readFileSync(`integrations/webhook/receiver.${extension}`, 'utf8').trimEnd()
  const content = `\`\`\`${language}\n${code}\n\`\`\``
  expect(generatedSection(PAGE, `receiver-${extension}`, content)).toBe(content)
})

test.each(['elastic', 'google-secops', 'splunk', 'webhook'])(
  'the page %s names settings that there are',
  (page) => {
    const text = readFileSync(`docs/siem/${page}.md`, 'utf8')
    const named = [...text.matchAll(/\bWEBHOOK_([A-Z_]+)\b/g)].map(([, name = '']) => name)
    expect(named).toContain('URL')
    for (const name of named) expect(Object.keys(WEBHOOK_SETTINGS.shape), name).toContain(name)
  },
)

test.each(['elastic', 'google-secops', 'splunk', 'webhook'])('README leads to the page %s', (page) => {
  expect(readFileSync('README.md', 'utf8')).toContain(`(docs/siem/${page}.md)`)
})
