import { describe, expect, test } from 'vitest'
import { instant, tenantId } from '../../shared/domain/identifiers.ts'
import { sha256Hex } from '../../shared/encoding/digest.ts'
import { factKeyOf } from '../support/event-forms.ts'

type FactParts = Parameters<typeof factKeyOf>[0]

const parts: FactParts = {
  tenantId: tenantId('3f2b7c51-9d40-4e0a-8a6b-51c2d7e90b14'),
  kind: 'riskDetection',
  identityType: 'servicePrincipal',
  id: 'aa55',
  lastUpdatedAt: instant(1_778_060_467_215),
  riskState: 'atRisk',
}

describe('a fact key', () => {
  test('is half a SHA-256 of the canonical list of its parts, version 1', () => {
    const list =
      '["3f2b7c51-9d40-4e0a-8a6b-51c2d7e90b14","riskDetection","servicePrincipal","aa55",1778060467215,"atRisk"]'
    expect(factKeyOf(parts)).toBe(sha256Hex(list).slice(0, 32))
    expect(factKeyOf(parts)).toBe('fd9b0244ec7bd60e712899635b1bdfc2')
  })

  test.each<Partial<FactParts>>([
    { tenantId: tenantId('0') },
    { kind: 'riskyIdentity' },
    { identityType: 'agent' },
    { identityType: null },
    { id: 'AA55' },
    { lastUpdatedAt: instant(1_778_060_467_216) },
    { riskState: 'dismissed' },
    { riskState: undefined },
    { riskState: '' },
  ])('changes with %o', (change) => {
    expect(factKeyOf({ ...parts, ...change })).not.toBe(factKeyOf(parts))
  })

  test('takes an absent state for null', () => {
    const list = '["3f2b7c51-9d40-4e0a-8a6b-51c2d7e90b14","heartbeat",null,"aa55",1778060467215,null]'
    expect(factKeyOf({ ...parts, kind: 'heartbeat', identityType: null, riskState: undefined })).toBe(
      sha256Hex(list).slice(0, 32),
    )
  })
})
