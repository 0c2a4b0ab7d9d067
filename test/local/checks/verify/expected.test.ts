import { describe, expect, it } from 'vitest'
import { expectedOf } from '../../../../local/checks/verify/expected.ts'
import type { JsonObject } from '../../../../local/checks/verify/json.ts'

const PROPERTIES = {
  id: 'detection1',
  servicePrincipalId: 'AAAAAAAA-0000-4000-8000-000000000001',
  servicePrincipalDisplayName: 'Payroll',
  riskState: 'atRisk',
  riskLevel: 'high',
  accountEnabled: false,
  ipAddress: '203.0.113.7',
  lastUpdatedDateTime: '2026-03-01T09:00:00.1239Z',
}
const detection = (changes: JsonObject = {}, around: JsonObject = {}): JsonObject => ({
  category: 'serviceprincipalriskevents',
  tenantId: '11111111-2222-4333-8444-555555555555',
  properties: { ...PROPERTIES, ...changes },
  ...around,
})
const fate = (record: JsonObject | null): string => expectedOf(record).fate

describe('what must become of a record', () => {
  it('is an event that says what the record says, where the record is plain', () => {
    const { fate: end, says } = expectedOf(detection())
    expect(end).toBe('event')
    expect(Object.fromEntries(says)).toEqual({
      kind: 'riskDetection',
      tenantId: '11111111-2222-4333-8444-555555555555',
      detectionId: 'detection1',
      'identity.id': 'aaaaaaaa-0000-4000-8000-000000000001',
      'identity.displayName': 'Payroll',
      'identity.enabled': false,
      'risk.state': 'atRisk',
      'risk.level': 'high',
      ipAddress: '203.0.113.7',
      lastUpdatedAt: '2026-03-01T09:00:00.123Z',
    })
  })

  it.each<readonly [string, JsonObject, string]>([
    ['a time that takes reading', { lastUpdatedDateTime: '3/1/2026 9:00:00 AM' }, 'lastUpdatedAt'],
    ['a null date', { activityDateTime: '0001-01-01T00:00:00Z' }, 'activityAt'],
    [
      'an identity id in another form',
      { servicePrincipalId: '{AAAAAAAA-0000-4000-8000-000000000001}' },
      'identity.id',
    ],
    [
      'an identity id as a URN',
      { servicePrincipalId: 'urn:uuid:aaaaaaaa-0000-4000-8000-000000000001' },
      'identity.id',
    ],
    ['the first day of Unix time', { lastUpdatedDateTime: '1970-01-01T00:00:00Z' }, 'lastUpdatedAt'],
    ['no id', { id: null }, 'detectionId'],
  ])('is an event or a fault where the record has %s, of which nothing is said', (_, changes, path) => {
    const { fate: end, says } = expectedOf(detection(changes))
    expect(end).toBe('kept')
    expect(says.has(path)).toBe(false)
    expect(says.get('risk.level')).toBe('high')
  })

  it.each(['<null>', '2001:DB8::7', 'fe80::1%eth0'])(
    'is the same event where an address is %s',
    (ipAddress) => {
      const { fate: end, says } = expectedOf(detection({ ipAddress }))
      expect([end, says.has('ipAddress')]).toEqual(['event', false])
    },
  )

  it.each<readonly [string, JsonObject | null, string]>([
    ['another log', { category: 'SignInLogs' }, 'skipped'],
    ['a metric', { metricName: 'x' }, 'skipped'],
    ['no category', { properties: {} }, 'kept'],
    ['a category of risk that nobody knows', { category: 'RiskyDevices' }, 'kept'],
    ['a category of ours', { category: 'RiskExport.ResponseAction' }, 'kept'],
    ['nothing', null, 'kept'],
    ['properties that are no object', detection({}, { properties: '{}' }), 'kept'],
  ])('of %s', (_, record, end) => {
    expect(fate(record)).toBe(end)
  })
})
