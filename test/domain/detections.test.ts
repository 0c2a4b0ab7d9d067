import { describe, expect, test } from 'vitest'
import { DETECTION_LANGUAGES } from '../../shared/domain/catalogue-entry.ts'
import { catalogueEntry, DETECTION_CATALOGUE, detectionNote } from '../../shared/domain/detections.ts'

const SERVICE_PRINCIPAL_TYPES = [
  'adminConfirmedServicePrincipalCompromised',
  'anomalousServicePrincipalActivity',
  'investigationsThreatIntelligence',
  'leakedCredentials',
  'maliciousApplication',
  'suspiciousAPITraffic',
  'suspiciousApplication',
  'suspiciousSignins',
]
const AGENT_TYPES = [
  'adminConfirmedAgentCompromised',
  'earlyLifeMaliciousActivity',
  'entraDirectoryReconnaissance',
  'failedAccessAttempt',
  'riskyUserSignIn',
  'signInSpike',
  'suspiciousCredentialUsage',
  'threatIntelligenceAccount',
  'unfamiliarResourceAccess',
]

describe('the catalogue of detections', () => {
  // concept-workload-identity-risk of August 2025; concept-risky-agents of November 2025 and June 2026.
  test.each([
    ['service principals', SERVICE_PRINCIPAL_TYPES],
    ['agents', AGENT_TYPES],
  ])('has an entry for each type that Microsoft documents of %s', (_, types) => {
    for (const type of types) expect(catalogueEntry(type)?.riskEventType).toBe(type)
  })

  test('has each type once, and none that Microsoft does not document', () => {
    expect(DETECTION_CATALOGUE.map((e) => e.riskEventType).sort()).toEqual(
      [...SERVICE_PRINCIPAL_TYPES, ...AGENT_TYPES].sort(),
    )
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
