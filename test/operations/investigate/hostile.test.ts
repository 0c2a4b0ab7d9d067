import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { investigationText } from '../../../cli/render/investigation-text.ts'
import { paintFor } from '../../../cli/text/paint.ts'
import { suggestFor } from '../../../cli/text/suggest.ts'
import { tenantId } from '../../../shared/domain/identifiers.ts'
import { HUNTS } from '../../../shared/operations/investigate/hunts.ts'
import { investigationHtml } from '../../../shared/operations/investigate/investigation-html.ts'
import { remediationOf } from '../../../shared/operations/investigate/remediation.ts'
import { detection } from '../../support/archived-events.ts'
import { investigated } from '../../support/identity-events.ts'
import { FROM, HOSTILE, hostileText, TO } from '../report/hostile.ts'
import { hostileInvestigation } from './hostile-identity.ts'

const asTyped = suggestFor({ local: false })
const around = {
  tenantId: tenantId('11111111-2222-4333-8444-555555555555'),
  from: FROM,
  to: TO,
  more: false,
  names: new Map(),
  asTyped,
}

const pageOf = (text: string): string => investigationHtml(hostileInvestigation(text), { ...around, at: TO })
const screenOf = (text: string): string =>
  investigationText(hostileInvestigation(text), {
    ...around,
    columns: undefined,
    paint: paintFor(false, undefined),
  })

/** Tags of a page; long names may have places to break, and times say which. */
const tagsOf = (page: string): readonly string[] =>
  (page.match(/<[^>]*>/g) ?? []).flatMap((tag) =>
    tag === '<wbr>' ? [] : [tag.replace(/ datetime="[^"]*"/, '')],
  )

const examples = [...HOSTILE, "'; rm -rf ~ #", '$(id)`id`', '--yes', '| project *', 'a"b'].map(
  (text) => [text] as [string],
)

describe('an investigation of an identity whose every text is hostile', () => {
  it('has as a page no markup but its own', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(text !== '')
        expect(tagsOf(pageOf(text))).toEqual(tagsOf(pageOf('a')))
      }),
      { examples, numRuns: 60 },
    )
  })

  it('has on the screen no character that steers a terminal, and no line but its own', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(text !== '')
        const screen = screenOf(text)
        expect(screen.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(screen.split('\n')).toHaveLength(screenOf('a').split('\n').length)
      }),
      { examples, numRuns: 60 },
    )
  })

  it('offers commands whose words a shell takes as they are', () => {
    for (const [text] of examples) {
      if (text.includes('\0')) continue
      const lines = remediationOf(hostileInvestigation(text), asTyped).flatMap(({ commands }) => commands)
      const programs = ['az', 'risk-export'].map((name) => `${name}() { printf '%s\\0' "$@"; }`)
      const words = execFileSync('bash', ['-c', [...programs, ...lines].join('\n')])
        .toString()
        .split('\0')
      const named = words.filter((word) => word.startsWith('--federated-credential-id='))
      // An id that is no GUID is left for the reader to fill in.
      for (const word of words)
        expect(named.includes(word) || !word.includes(text) || text.length < 2, word).toBe(true)
      expect(named.every((word) => word === `--federated-credential-id=${text}`)).toBe(true)
    }
  })
})

describe('the page of an investigation', () => {
  it('needs nothing from elsewhere, and allows no script', () => {
    const page = pageOf('a')
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(page).not.toMatch(/<script|<link|<img|\ssrc=|\burl\(|@import/i)
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
    expect(new Set(links)).toEqual(new Set(HUNTS.map(({ source }) => source)))
  })

  it('says what is unknown without context, and still what to do', () => {
    const page = investigationHtml(investigated(detection('a')), { ...around, at: TO })
    expect(page).toContain('unknown: none was read')
    expect(page).toContain('Remove every old credential')
  })
})
