import { describe, expect, test } from 'vitest'
import {
  catalogueEntry,
  DETECTION_CATALOGUE,
  DETECTION_LANGUAGES,
  detectionNote,
} from '../../shared/domain/detections.ts'

describe('the catalogue of detections', () => {
  test('holds the eight documented workload types', () => {
    expect(DETECTION_CATALOGUE.map((e) => e.riskEventType).sort()).toEqual([
      'adminConfirmedServicePrincipalCompromised',
      'anomalousServicePrincipalActivity',
      'investigationsThreatIntelligence',
      'leakedCredentials',
      'maliciousApplication',
      'suspiciousAPITraffic',
      'suspiciousApplication',
      'suspiciousSignins',
    ])
  })

  test.each(DETECTION_CATALOGUE)('$riskEventType is complete', (entry) => {
    for (const language of DETECTION_LANGUAGES) expect(entry.names[language]).not.toBe('')
    expect(entry.techniques.length).toBeGreaterThan(0)
    for (const technique of entry.techniques) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/)
    expect(entry.description).toMatch(/\.$/)
    expect(entry.links.length).toBeGreaterThan(0)
    for (const link of entry.links) expect(new URL(link).protocol).toBe('https:')
  })

  test('is found however a type is cased, and knows no other', () => {
    expect(catalogueEntry('LEAKEDCREDENTIALS')?.riskEventType).toBe('leakedCredentials')
    for (const type of ['generic', '', '__proto__', 'constructor'])
      expect(catalogueEntry(type)).toBeUndefined()
  })

  test('gives the note in the language asked for', () => {
    const entry = catalogueEntry('leakedCredentials')
    if (entry === undefined) throw new Error('not in the catalogue')
    expect(DETECTION_LANGUAGES.map((language) => detectionNote(entry, language).name)).toEqual([
      'Leaked credentials',
      '漏えいした資格情報',
      '凭据泄漏',
    ])
    expect(detectionNote(entry, 'ja')).toMatchObject({ severity: 'high', description: entry.description })
  })
})
