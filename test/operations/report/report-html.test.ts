import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant, tenantId } from '../../../shared/domain/identifiers.ts'
import { reportHtml } from '../../../shared/operations/report/report-html.ts'
import { FROM, HOSTILE, hostileReport, hostileText } from './hostile.ts'

const made = { tenantId: tenantId('11111111-2222-4333-8444-555555555555'), madeAt: instant(FROM + 1000) }

const pageOf = (report: 'risky' | 'detections', text: string): string =>
  reportHtml(hostileReport(report, text), made)

/** The page without what is between tags. */
const tagsOf = (page: string): readonly string[] => page.match(/<[^>]*>/g) ?? []

describe('a report as a page', () => {
  it('holds no markup that a record brought along', () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom('risky', 'detections'), (text, report) => {
        const page = pageOf(report, text)
        expect(tagsOf(page).map((tag) => tag.replace(/ datetime="[^"]*"/, ''))).toEqual(
          tagsOf(pageOf(report, text === '' ? '' : 'a')).map((tag) => tag.replace(/ datetime="[^"]*"/, '')),
        )
      }),
      { examples: HOSTILE.map((text) => [text, 'detections']) },
    )
  })

  it('needs nothing from elsewhere, and allows no script', () => {
    const page = pageOf('detections', 'a')
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(page).not.toMatch(/<script|<link|<img|\ssrc=|\shref=|url\(|@import/i)
  })

  it('disguises no text by its reading direction', () => {
    expect(pageOf('risky', 'invoice\u202egpj.exe')).toContain('invoice⟨U+202E⟩gpj.exe')
  })

  it('tells a level by its word, in a colour of its own where it is a known one', () => {
    const report = hostileReport('risky', 'high')
    expect(reportHtml(report, made)).toContain('<td class="level level-high">high</td>')
    expect(pageOf('risky', 'hidden')).toContain('<td class="level level-other">hidden</td>')
  })

  it('says so when there is nothing, and when there is more', () => {
    const report = hostileReport('risky', 'a')
    expect(reportHtml({ ...report, events: [] }, made)).toContain('<p>None.</p>')
    expect(reportHtml({ ...report, more: true }, made)).toContain('There are more than these')
    expect(reportHtml(report, made)).not.toContain('There are more than these')
  })
})
