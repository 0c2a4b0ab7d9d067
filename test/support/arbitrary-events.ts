import fc from 'fast-check'
import type { ExportedEvent } from '../../shared/domain/exported-event.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import type { Identity, RiskDetection } from '../../shared/domain/risk-event.ts'
import type { JsonObject } from '../../shared/encoding/json.ts'
import { anyCodePoint } from './any-code-point.ts'
import {
  type ArchivedAs,
  archived,
  archivedAt,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from './archived-events.ts'

// Lone surrogates, control characters and every plane: records hold what attackers wrote.
const text = fc.oneof(
  fc.string({ unit: anyCodePoint, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('\ud800', '\udc00', '"', '\\', '\u0000', '\u2028', '𝄞', 'é', 'a') }),
)
const json = fc.jsonValue({ maxDepth: 4, stringUnit: anyCodePoint })
const jsonObject = fc.dictionary(fc.oneof(text, fc.constant('__proto__')), json) as fc.Arbitrary<JsonObject>
const time = fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') }).map(instant)

const identity: fc.Arbitrary<Identity> = fc.record(
  {
    type: fc.constantFrom('servicePrincipal', 'agent', 'user'),
    id: text,
    displayName: text,
    appId: text,
    subtype: text,
    blueprintId: text,
    userPrincipalName: text,
    enabled: fc.boolean(),
    deleted: fc.boolean(),
  },
  { requiredKeys: ['type', 'id'] },
)
const risk = fc.record({ level: text, state: text, detail: text, eventType: text }, { requiredKeys: [] })
const shared = { identity, risk, lastUpdatedAt: time, extra: jsonObject }

/** Any values for what a detection says. */
export const detectionChanges = fc.record(
  {
    ...shared,
    detectionId: text,
    activityAt: time,
    detectedAt: time,
    lastUpdatedFrom: fc.constant('enqueuedTime'),
    source: text,
    timingType: text,
    activity: text,
    tokenIssuerType: text,
    requestId: text,
    correlationId: text,
    signInRequestId: text,
    signInCorrelationId: text,
    clientSessionId: text,
    ipAddress: text,
    location: json,
    keyIds: fc.array(text, { maxLength: 4 }),
    additionalInfo: fc.array(fc.record({ key: text, value: json }), { maxLength: 4 }),
    evidence: text,
    attack: fc.record({
      techniques: fc.array(text, { maxLength: 3 }),
      origin: fc.constantFrom('wire', 'catalogue'),
    }),
    processing: fc.boolean(),
  },
  { requiredKeys: ['identity', 'risk'] },
) as fc.Arbitrary<Partial<RiskDetection>>

const event: fc.Arbitrary<ExportedEvent> = fc.oneof(
  fc.tuple(fc.uuid(), detectionChanges).map(([seed, changes]) => detection(seed, changes)),
  fc.tuple(fc.uuid(), fc.record(shared)).map(([seed, changes]) => riskyIdentity(seed, changes)),
  fc.tuple(fc.uuid(), jsonObject).map(([seed, health]) => heartbeat(seed, { health })),
  fc.tuple(fc.uuid(), jsonObject).map(([seed, context]) => identityContext(seed, { context })),
  fc.tuple(fc.uuid(), jsonObject).map(([seed, response]) => responseAction(seed, { response })),
)

/** Any event that the source can make: whatever is free text is anything at all. */
export const arbitraryArchivedEvent: fc.Arbitrary<ArchivedAs<ExportedEvent>> = fc
  .tuple(event, fc.nat(), fc.nat(9999), fc.nat(9999))
  .map(([one, sequenceNumber, ordinal, line]) => {
    const { event: _, ...place } = archived(one)
    return archivedAt(one, { ...place, position: { ...place.position, sequenceNumber }, ordinal, line })
  })
