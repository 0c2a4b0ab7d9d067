import { describe, expect, test } from 'vitest'
import { detection, heartbeat, riskyIdentity } from '../support/archived-events.ts'
import { eventText } from '../support/event-forms.ts'

describe('an event as JSON', () => {
  test('has its members in one order, instants as ISO 8601, and nothing that is absent', () => {
    const json = JSON.parse(eventText(detection('a', { processing: true })))
    expect(Object.keys(json).join(' ')).toBe(
      'kind eventId factKey origin category tenantId detectionId identity risk activityAt detectedAt lastUpdatedAt source timingType activity tokenIssuerType requestId correlationId ipAddress location keyIds additionalInfo attack detection processing',
    )
    expect(json.lastUpdatedAt).toBe('2026-03-01T09:20:00.123Z')
  })

  test('of a risky identity and a heartbeat is as short as they are', () => {
    const state = riskyIdentity('a', { extra: { riskType: 'generic' } })
    expect(Object.keys(JSON.parse(eventText(state))).join(' ')).toBe(
      'kind eventId factKey origin category tenantId identity risk lastUpdatedAt extra',
    )
    expect(Object.keys(JSON.parse(eventText(heartbeat('a')))).join(' ')).toBe(
      'kind eventId factKey origin category tenantId lastUpdatedAt version health',
    )
  })

  test('is one line, whatever texts the event holds', () => {
    const text = 'a\nb\r\u2028\u0000"\\\ud800'
    const json = eventText(
      detection('a', { evidence: text, extra: JSON.parse('{"__proto__":{"x":1},"é":2}') }),
    )
    expect(json).not.toMatch(/[\r\n]/)
    expect(JSON.parse(json).evidence).toBe(text)
    expect(json).toContain('"extra":{"__proto__":{"x":1},"é":2}')
  })

  test('says hidden where the licence hides, never a level of our own', () => {
    const { risk } = JSON.parse(eventText(detection('a', { risk: { level: 'hidden', detail: 'hidden' } })))
    expect(risk).toEqual({ level: 'hidden', detail: 'hidden' })
  })
})
