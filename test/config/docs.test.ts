import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DECLARED_SETTINGS } from '../../shared/config/declared-settings.ts'
import { VERSION } from '../../shared/domain/version.ts'
import { localSettings } from '../support/settings/local-settings.ts'
import { settingNotes } from '../support/settings/setting-notes.ts'
import { settingsTable } from '../support/settings/settings-table.ts'

/** `UPDATE=1` writes what is generated; otherwise a difference fails. */
const update = process.env['UPDATE'] === '1'
const BEGIN = '<!-- settings: generated -->'
const END = '<!-- /settings -->'

describe('documentation that is generated', () => {
  it('has the table of settings as the program declares them', () => {
    const page = readFileSync('docs/settings.md', 'utf8')
    const table = `${BEGIN}\n${settingsTable(settingNotes())}\n${END}`
    const written = page.replace(new RegExp(`${BEGIN}[\\s\\S]*${END}`), () => table)
    if (update) writeFileSync('docs/settings.md', written)
    expect(readFileSync('docs/settings.md', 'utf8')).toBe(written)
    expect(page).toContain(BEGIN)
  })

  it('has the sample of local settings as the program declares them', () => {
    if (update) writeFileSync('local.settings.sample.json', localSettings(settingNotes()))
    expect(readFileSync('local.settings.sample.json', 'utf8')).toBe(localSettings(settingNotes()))
  })

  it('marks as secret whatever can hold a password', () => {
    const withPassword = 'http://user:password@proxy.example:3128'
    const accepting = Object.entries(DECLARED_SETTINGS).filter(
      ([, form]) => form.safeParse(withPassword).success,
    )
    const secrets = settingNotes().flatMap(({ name, secret }) => (secret ? [name] : []))
    expect(secrets).toEqual(expect.arrayContaining(accepting.map(([name]) => name)))
    expect(secrets).toContain('WEBHOOK_PROXY_URL')
  })

  it('describes every setting in a sentence and gives an example', () => {
    for (const note of settingNotes()) {
      expect(note.description, note.name).toMatch(/^[A-Z].*\.$/)
      const mayBeEmpty = note.name === 'LOGS_INGESTION_CATEGORIES' || note.name === 'WEBHOOK_CATEGORIES'
      expect(mayBeEmpty || note.example !== '', note.name).toBe(true)
    }
  })

  it('has one version', () => {
    expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ version: VERSION })
  })
})
