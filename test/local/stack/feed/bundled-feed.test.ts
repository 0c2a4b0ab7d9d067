import { describe, expect, it } from 'vitest'
import { bundledFeedPath } from '../../../../local/stack/feed/bundled-feed.ts'
import { readFeed } from '../../../../local/stack/feed/read-feed.ts'
import { DETECTION_CATALOGUE } from '../../../../shared/domain/detections.ts'
import { isRiskEvent } from '../../../../shared/domain/exported-event.ts'
import type { RiskDetection, RiskEvent } from '../../../../shared/domain/risk-event.ts'
import { archiveLines } from '../../../support/archive-lines.ts'

const messages = await readFeed(bundledFeedPath())
const bodies = messages.map(({ body }) => Buffer.from(body))
const lines = archiveLines(bodies)
const everything = bodies.map((body) => body.toString('utf8')).join('\n')
const events = lines.flatMap((line): readonly RiskEvent[] =>
  line.kind === 'event' && isRiskEvent(line.event) ? [line.event] : [],
)
const detections = events.filter((e): e is RiskDetection => e.kind === 'riskDetection')
const statesOf = (name: string) =>
  events.filter((e) => e.kind === 'riskyIdentity' && e.identity.displayName === name).map((e) => e.risk.state)
const faultCodes = new Set(
  lines.flatMap((line) => (line.kind === 'fault' || line.kind === 'unsplit' ? [line.fault.code] : [])),
)

describe('the bundled feed', () => {
  it('holds about forty records, of all six categories', () => {
    expect(events.length).toBeGreaterThanOrEqual(35)
    expect(events.length).toBeLessThanOrEqual(45)
    expect(new Set(events.map((e) => e.category)).size).toBe(6)
  })

  it('tells of a leaked credential from the first sign to the end', () => {
    expect(statesOf('build-pipeline')).toEqual(['atRisk', 'confirmedCompromised', 'remediated'])
    expect(
      detections
        .filter((d) => d.identity.appId === '2f9be8d0-71a4-4c55-b6e2-94d0c3187af6')
        .map((d) => d.risk.eventType),
    ).toEqual([
      'leakedCredentials',
      'leakedCredentials',
      'suspiciousSignins',
      'suspiciousSignins',
      'suspiciousAPITraffic',
      'adminConfirmedServicePrincipalCompromised',
      'leakedCredentials',
    ])
  })

  it('tells of a malicious application, a false positive and an agent', () => {
    expect(detections.some((d) => d.risk.eventType === 'maliciousApplication')).toBe(true)
    expect(statesOf('nightly-backup')).toEqual(['atRisk', 'dismissed'])
    expect(statesOf('Expense Assistant')).toEqual(['atRisk', 'confirmedCompromised'])
  })

  it('names every detection type of the catalogue', () => {
    expect(
      new Set(detections.flatMap((d) => (d.detection === undefined ? [] : [d.risk.eventType]))).size,
    ).toBe(DETECTION_CATALOGUE.length)
  })

  it('holds every form in which the stream writes the same thing', () => {
    const forms: readonly RegExp[] = [
      /"time":\s?"9\/12\/2026 12:05:09 AM"/,
      /T\d:\d\d:\d\d\.\d{3}Z/,
      /\.\d{7}Z/,
      /\.\d{9}Z/,
      /"durationMs":"0"/,
      /"Level":4,/,
      /"Level":"4"/,
      /"Level":"Information"/,
      /"additionalInfo":"\[/,
      /"additionalInfo":\[/,
      /"keyIds":\["/,
      /"keyIds":"\[/,
      /"location":\{"city"/,
      /"location":"\{/,
      /"resourceId":"\/TENANTS\//,
      /"isEnabled"/,
      /"accountEnabled"/,
      /"lastModifiedDateTime"/,
      /"riskLastModifiedDateTime"/,
      /"activityDateTime":\s?null/,
      /"mitreTechniqueId"/,
      /mitreTechniques/,
      /"Category":/,
      /"":""/,
      /"__proto__":/,
      /"riskLevel":"low","riskLevel":"medium"/,
      /\r\n/,
      /^\ufeff\{/m,
      /^\[\{"records":/m,
      /^\[\{"time":/m,
      /^\{"time":/m,
    ]
    expect(forms.filter((form) => !form.test(everything)).map(String)).toEqual([])
  })

  it('holds values that are hidden, unknown or undocumented, and keeps them', () => {
    expect(events.some((e) => e.risk.level === 'hidden')).toBe(true)
    const unknown = detections.find((d) => d.risk.eventType === 'unusualCredentialUse')
    expect(unknown?.risk).toMatchObject({ level: 'severe', state: 'underReview' })
    expect(unknown?.extra).toMatchObject({ campaign: { name: 'Paper Lantern' } })
  })

  it('sends one event again byte for byte, and enriches one without a new time of update', () => {
    const ids = events.map((e) => e.eventId)
    expect(ids.length - new Set(ids).size).toBe(1)
    const leaks = detections.filter((d) => d.risk.eventType === 'leakedCredentials')
    expect(leaks[0]?.factKey).toBe(leaks[1]?.factKey)
    expect(leaks[0]?.eventId).not.toBe(leaks[1]?.eventId)
  })

  it('holds what cannot be read, each kind of it, and skips what is not ours', () => {
    expect(faultCodes).toEqual(
      new Set([
        'categoryMissing',
        'fieldInvalid',
        'fieldMissing',
        'recordNotObject',
        'recordTooDeep',
        'recordNotJson',
        'bodyNotUtf8',
        'bodyEmpty',
      ]),
    )
    expect(lines.filter((line) => line.kind === 'skipped').map((line) => line.records)).toEqual([2])
  })

  it('happens in 2026, in one tenant', () => {
    expect(events.filter((e) => new Date(e.lastUpdatedAt).getUTCFullYear() !== 2026)).toEqual([])
    expect(new Set(events.map((e) => e.tenantId)).size).toBe(1)
  })
})
