import fc from 'fast-check'
import { anyCodePoint } from '../support/any-code-point.ts'

/** JSON texts of all kinds, halves of surrogate pairs, odd numbers and white space included. */
export const jsonText: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.jsonValue({ stringUnit: anyCodePoint }),
      fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 8 }),
      fc.constantFrom(0, -0, 1e21, 5e-324, 2 ** 53),
    ),
    fc.constantFrom('', ' ', '\t'),
  )
  .map(([value, indent]) => JSON.stringify(value, null, indent === '' ? 0 : indent))

const oddValues = [fc.string({ unit: anyCodePoint }), fc.double(), fc.constant(null), fc.boolean()]

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

const KNOWN_NAMES = [
  '',
  ...words(`
    id appId displayName servicePrincipalId servicePrincipalDisplayName servicePrincipalType
    agentId agentDisplayName identityType userId userPrincipalName riskLevel riskState riskDetail riskEventType
    source activity ipAddress location keyIds additionalInfo isEnabled accountEnabled isDeleted isProcessing
    mitreTechniqueId riskEvidence blueprintId signInRequestId signInCorrelationId clientSessionId activityDateTime detectedDateTime lastUpdatedDateTime lastModifiedDateTime
    riskLastUpdatedDateTime riskLastModifiedDateTime sentAt version health instanceId
    __proto__ constructor toString scope code 10 9`),
]

const CATEGORIES = words(`
  RiskyServicePrincipals ServicePrincipalRiskEvents RiskyAgents AgentRiskEvents RiskyUsers UserRiskEvents
  riskyserviceprincipals RiskExport.Heartbeat RiskExport.ResponseAction SignInLogs`)

const usualValue = fc.constantFrom(
  '',
  '5/6/2026 9:41:07 AM',
  ...words(`
    2026-05-06T9:41:07.215Z atRisk high hidden leakedCredentials true False T1078,T1539 203.0.113.1 [[
    6d1e8a90-42b7-4c3f-9e55-0a7b31c4d2f8 [{"Key":"a","Value":[1]}] {"city":"x"}
    ["6d1e8a90-42b7-4c3f-9e55-0a7b31c4d2f8"]`),
)

const valueText = fc.oneof(
  { weight: 3, arbitrary: usualValue.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: jsonText },
  { weight: 1, arbitrary: fc.constantFrom('null', 'true', '1e999', '1.50', '9007199254740993') },
)

/** Fields of which whole objects are kept, and so every oddity that JSON can hold within them. */
const structuredMember = fc.tuple(
  fc.constantFrom('location', 'additionalInfo', 'health'),
  fc.oneof(
    fc
      .object({ withObjectString: true, key: fc.string({ unit: anyCodePoint }), values: oddValues })
      .map((o) => JSON.stringify(o)),
    fc.constantFrom('{"a":1e999,"__proto__":{"b":[{}]}}', '{"9":1,"10":2,"\\udc00":"\\ud83d"}'),
  ),
)

const objectText = (members: readonly (readonly [string, string])[]): string =>
  `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`

const propertiesText = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...KNOWN_NAMES), valueText) },
      { weight: 1, arbitrary: structuredMember },
    ),
    { maxLength: 12 },
  )
  .map((members) => objectText([['id', '"abc"'], ['servicePrincipalId', '"def"'], ...members]))

const aroundProperties = fc.array(
  fc.tuple(
    fc.constantFrom(
      'time',
      'tenantId',
      'resourceId',
      'origin',
      'Level',
      'callerIpAddress',
      '__proto__',
      'Category',
      '',
    ),
    valueText,
  ),
  { maxLength: 4 },
)

const categoryText = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...CATEGORIES).map((category) => JSON.stringify(category)) },
  { weight: 1, arbitrary: valueText },
)

/** Texts of objects that are records of ours, or nearly so. */
export const recordText: fc.Arbitrary<string> = fc
  .tuple(categoryText, propertiesText, aroundProperties)
  .map(([category, properties, around]) =>
    objectText([
      ['time', '"5/6/2026 9:41:07 AM"'],
      ['category', category],
      ...around,
      ['properties', properties],
    ]),
  )

/** Texts of elements of `records`. */
export const elementText = fc.oneof({ weight: 3, arbitrary: recordText }, { weight: 1, arbitrary: jsonText })

const between = fc.constantFrom('', ' ', '\r\n', '\n\t ')

/** The body of a message, with what its records are. */
export const wellFormedBody = fc
  .tuple(
    fc.array(fc.tuple(between, elementText, between), { maxLength: 6 }),
    fc.constantFrom('{"records":[', '\ufeff{ "Records" :\r\n[', '{"a":{"records":[1]},"RECORDS":['),
    fc.constantFrom(']}', ' ] }\r\n', '],"b":"]}"}'),
  )
  .map(([elements, head, tail]) => ({
    body: Buffer.from(`${head}${elements.map((e) => e.join('')).join(',')}${tail}`),
    records: elements.map(([, text]) => text),
  }))

/** Such bodies, or lists of their records, sent as the text of a string. */
const bodyAsText = wellFormedBody.chain(({ body, records }) =>
  fc.constantFrom(
    JSON.stringify(body.toString()),
    `{"records":${JSON.stringify(`[${records.join(',')}]`)}}`,
    `[${records.map((record) => JSON.stringify(record)).join(',')}]\0\ufeff`,
  ),
)

/** Bodies of these kinds in which bytes were cut out or put in. */
const damagedBody = fc
  .tuple(
    fc.oneof(
      { weight: 2, arbitrary: wellFormedBody },
      { weight: 1, arbitrary: bodyAsText.map((text) => ({ body: Buffer.from(text) })) },
    ),
    fc.array(
      fc.record({
        at: fc.nat(),
        remove: fc.nat({ max: 12 }),
        insert: fc.oneof(
          fc.constantFrom(
            ...['"', '{', '}', '[', ']', ',', ':', '\\', '\n', '\0', 'null', 'NaN'].map((t) =>
              Buffer.from(t),
            ),
          ),
          fc.uint8Array({ maxLength: 4 }),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([{ body }, damages]) =>
    damages.reduce((bytes, { at, remove, insert }) => {
      const offset = at % (bytes.length + 1)
      return Buffer.concat([bytes.subarray(0, offset), insert, bytes.subarray(offset + remove)])
    }, body),
  )

const crumbs = fc
  .array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      '"":""',
      '"records":[',
      'null',
      '1',
      ' ',
      '\ufeff',
      '\0',
      'NaN',
      '"[',
      '\\"',
      '{\\"',
    ),
    {
      maxLength: 40,
    },
  )
  .map((parts) => Buffer.from(parts.join('')))

/** Any bytes at all, and more often than chance would have it bytes that look like messages. */
export const anyBody: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  crumbs,
  wellFormedBody.map(({ body }) => body),
  bodyAsText.map((text) => Buffer.from(text)),
  damagedBody,
)
