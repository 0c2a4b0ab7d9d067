import type { GeneratedRecords } from './generated-records.ts'
import type { Prng } from './prng.ts'

const GUID_TAIL = '4000-8000-000000000000'
const guid = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-${GUID_TAIL}`

/** A detection, unique by number. */
export const recordText = (n: number): string =>
  JSON.stringify({
    time: '2026-03-01T09:00:00.0000000Z',
    operationName: 'Service principal risk detection',
    category: 'ServicePrincipalRiskEvents',
    tenantId: '7d3c9a52-6a0e-4c55-9d3f-0a1b2c3d4e5f',
    correlationId: guid(n),
    properties: {
      id: `detection${n}`,
      requestId: guid(n),
      riskEventType: 'suspiciousSignins',
      riskState: 'atRisk',
      riskLevel: n % 2 === 0 ? 'medium' : 'high',
      riskDetail: 'none',
      source: 'IdentityProtection',
      detectionTimingType: 'offline',
      activity: 'servicePrincipal',
      activityDateTime: '2026-03-01T08:00:00.000Z',
      detectedDateTime: '2026-03-01T09:00:00.000Z',
      lastUpdatedDateTime: '2026-03-01T09:00:00.000Z',
      servicePrincipalId: guid(n % 7),
      servicePrincipalDisplayName: `Workload ${n % 7}`,
      appId: guid(1000 + (n % 7)),
    },
  })

const envelope = (...records: readonly string[]): string => `{"records":[${records.join(',')}]}`

/** Everything a sender can get wrong, and records that are not for us. */
const STRANGE: readonly [string | Uint8Array, ...(string | Uint8Array)[]] = [
  '',
  'not JSON',
  'null',
  '{"records":null}',
  "{'records':[]}",
  '{"records":[null,5]}',
  '{"records":[{"category":"ServicePrincipalRiskEvents"}]}',
  '{"records":[{"category":"SignInLogs","properties":{}}]}',
  '{"records":[]}',
  Uint8Array.of(0xff, 0xfe, 0x00),
]

/** A message that is malformed in one of many ways. */
export const malformed = (prng: Prng): Uint8Array => Buffer.from(prng.pick(STRANGE))

/**
 * A stream of messages: mostly envelopes of new records, some repeated, some malformed. Records the
 * contents of each in `made`.
 */
export function messageStream(prng: Prng, made: GeneratedRecords): () => Uint8Array {
  let count = 0
  const message = (records: readonly string[], ...others: readonly string[]): Uint8Array =>
    made.note(Buffer.from(envelope(...records, ...others)), records)
  return () => {
    const kind = prng.random()
    if (kind < 0.1) return malformed(prng)
    if (kind < 0.2 && count > 0) return message([recordText(prng.below(count))])
    const records = Array.from({ length: 1 + prng.below(3) }, () => recordText(count++))
    return message(records, ...(prng.chance(0.05) ? ['{"category":"ServicePrincipalRiskEvents"}'] : []))
  }
}

/** Beyond the numbers of any stream. */
const FIRST_OF_SMALL = 1_000_000

/** Messages of one record each, which no stream contains. */
export function smallMessages(made: GeneratedRecords): () => Uint8Array {
  let count = FIRST_OF_SMALL
  return () => {
    const record = recordText(count++)
    return made.note(Buffer.from(envelope(record)), [record])
  }
}
