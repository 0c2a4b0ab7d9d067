import type { HubMessage } from '../../emulators/functions-host/event-hub/hub-message.ts'

/** Shape of the load: the size of one handler invocation, and of a record. */
export const MESSAGES_PER_BATCH = 100
export const RECORDS_PER_MESSAGE = 10
export const RECORDS_PER_BATCH = MESSAGES_PER_BATCH * RECORDS_PER_MESSAGE

const FIRST_ENQUEUED_MS = Date.UTC(2026, 2, 1, 9)
const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0')

/** Scatters the bits of a number, so that ids compress as badly as real ones. */
function scatter(n: number): number {
  let x = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

const words = (n: number, count: number): string =>
  Array.from({ length: count }, (_, i) => hex(scatter(n * 31 + i), 8)).join('')

const guid = (n: number): string => {
  const digits = words(n, 4)
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`
}

/** A unique record of realistic size, about 1.3 kB. */
function record(n: number): object {
  const time = new Date(FIRST_ENQUEUED_MS + n).toISOString()
  return {
    time: '3/1/2026 9:00:00 AM',
    resourceId: '/tenants/7d3c9a52-6a0e-4c55-9d3f-0a1b2c3d4e5f/providers/microsoft.aadiam',
    operationName: 'Service principal risk detection',
    operationVersion: '1.0',
    category: 'ServicePrincipalRiskEvents',
    tenantId: '7d3c9a52-6a0e-4c55-9d3f-0a1b2c3d4e5f',
    resultSignature: 'None',
    durationMs: 0,
    correlationId: words(n, 8),
    identity: `workload ${n}`,
    Level: 'Information',
    location: 'weu',
    properties: {
      id: words(n, 8),
      requestId: guid(n + 1),
      correlationId: guid(n + 2),
      riskEventType: 'suspiciousSignins',
      riskState: 'atRisk',
      riskLevel: 'medium',
      riskDetail: 'none',
      source: 'IdentityProtection',
      detectionTimingType: 'offline',
      activity: 'servicePrincipal',
      tokenIssuerType: 'AzureAD',
      ipAddress: `203.0.113.${n % 256}`,
      location: {
        city: n % 10 === 0 ? 'Zürich' : 'Amsterdam',
        state: '',
        countryOrRegion: 'CH',
        geoCoordinates: { latitude: 47.37, longitude: 8.54 },
      },
      activityDateTime: time,
      detectedDateTime: time,
      lastUpdatedDateTime: time,
      servicePrincipalId: guid(n + 3),
      servicePrincipalDisplayName: `Workload ${n}`,
      appId: guid(n + 4),
      keyIds: [guid(n + 5)],
      additionalInfo: JSON.stringify([
        {
          Key: 'userAgent',
          Value: 'azsdk-python-identity/1.15.0',
        },
        { Key: 'alertUrl', Value: null },
        { Key: 'mitreTechniques', Value: 'T1078.004' },
      ]),
    },
  }
}

const encoder = new TextEncoder()

/** A batch of messages, each an envelope of records; both are numbered on. */
export const benchMessages = (firstMessage: number, count: number): readonly HubMessage[] =>
  Array.from({ length: count }, (_, i) =>
    hubMessage(firstMessage + i, benchBody((firstMessage + i) * RECORDS_PER_MESSAGE, RECORDS_PER_MESSAGE)),
  )

export const benchBatch = (batch: number): readonly HubMessage[] =>
  benchMessages(batch * MESSAGES_PER_BATCH, MESSAGES_PER_BATCH)

/** Messages in which every record is of another category. */
export const skippedMessages = (firstMessage: number, count: number): readonly HubMessage[] =>
  benchMessages(firstMessage, count).map((message) => ({
    ...message,
    body: Buffer.from(
      Buffer.from(message.body)
        .toString()
        .replaceAll('ServicePrincipalRiskEvents', 'ServicePrincipalSignInLog1'),
    ),
  }))

/** A message body of this many records, numbered from `firstRecord`. */
export const benchBody = (firstRecord: number, records: number): Uint8Array =>
  encoder.encode(
    JSON.stringify({ records: Array.from({ length: records }, (_, r) => record(firstRecord + r)) }),
  )

const hubMessage = (sequenceNumber: number, body: Uint8Array): HubMessage => ({
  body,
  sequenceNumber,
  offset: String(sequenceNumber * 14_000),
  enqueuedAtMs: FIRST_ENQUEUED_MS + sequenceNumber,
})
