import { describe, expect, it } from 'vitest'
import { connectorPage } from '../../../../infra/sentinel/solution/connector.ts'
import { SentinelContent } from '../../../../infra/sentinel/solution/content.ts'
import { customDetection } from '../../../../infra/sentinel/solution/custom-detection.ts'
import { jsonText } from '../../../../infra/sentinel/solution/package-files.ts'
import { PLAYBOOKS } from '../../../../infra/sentinel/solution/playbook-actions.ts'
import { sentinelContent } from '../../../support/kql/workspace.ts'

const { parsers: functions, analyse } = sentinelContent()
const columnsOf = Object.fromEntries(
  functions.map(({ parser, analysis }) => [parser.functionAlias, analysis.columns ?? {}] as const),
)
interface AlertTemplate {
  readonly customDetails: Readonly<Record<string, string>>
  readonly entityMappings: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>
}
const alertTemplateOf = (rule: unknown): AlertTemplate =>
  (rule as { readonly detectionAction: { readonly alertTemplate: AlertTemplate } }).detectionAction
    .alertTemplate

const ID = '00000000-0000-4000-8000-000000000000'

/** Texts under one of these names, however deep. */
function* textsUnder(value: unknown, names: readonly string[], under = ''): Generator<string> {
  if (typeof value === 'string' && names.includes(under)) yield value
  if (Array.isArray(value)) for (const member of value) yield* textsUnder(member, names, under)
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) yield* textsUnder(member, names, name)
}

describe('functions', () => {
  it('have the columns that the validation of queries is told', async () => {
    const sorted = Object.entries(columnsOf).sort(([a], [b]) => (a < b ? -1 : 1))
    await expect(jsonText(Object.fromEntries(sorted))).toMatchFileSnapshot(
      '../../../../infra/sentinel/function-columns.json',
    )
  })

  it('of the ASIM schema have the same columns; the filtering one says which address matched', () => {
    const plain = columnsOf['ASimAlertEventMicrosoftEntraWorkloadRisk']
    expect(plain).toMatchObject({ Type: 'string', AttackTechniques: 'string', AdditionalFields: 'dynamic' })
    expect(columnsOf['vimAlertEventMicrosoftEntraWorkloadRisk']).toEqual({
      ...plain,
      ASimMatchingIpAddr: 'string',
    })
  })
})

describe('queries', () => {
  it('of the data connector page are valid, and say whether it is connected', () => {
    const names = ['query', 'baseQuery', 'lastDataReceivedQuery', 'value']
    const queries = [...textsUnder(connectorPage(), names)]
    expect(queries).toHaveLength(11)
    expect(queries.flatMap((query) => analyse(query).errors)).toEqual([])
    const [connected = ''] = textsUnder(connectorPage(), ['value'])
    expect(connected).toMatch(/EntraRiskExportHealth_CL[\s\S]*ago\(1h\)/)
    expect(analyse(connected).columns).toEqual({ IsConnected: 'bool' })
  })

  it('of playbooks are valid', () => {
    const queries = PLAYBOOKS.flatMap((p) => [...textsUnder(p.definition, ['query'])])
    expect(queries.length).toBeGreaterThanOrEqual(PLAYBOOKS.length)
    const filled = queries.map((query) =>
      query
        .replaceAll("@{items('Each_identity')}", ID)
        .replaceAll("@{string(body('Identities'))}", `["${ID}"]`)
        // The stand-in for a watchlist has no columns of the list's own.
        .replaceAll(
          /_GetWatchlist\('\w+'\)/g,
          'datatable(IdentityId: string, Rule: string, ExpiresOn: string, OwnerMail: string) []',
        ),
    )
    expect(filled.filter((query) => query.includes('@{'))).toEqual([])
    expect(filled.flatMap((query) => analyse(query).errors)).toEqual([])
  })

  const detections = new SentinelContent('infra/sentinel').rules().flatMap(({ value }) => {
    const detection = customDetection(value)
    return detection.can ? [[value.name, value.query, detection.rule] as const] : []
  })

  it('are in most rules of a form that custom detections can have', () => {
    expect(detections.length).toBeGreaterThan(8)
  })

  it.each(detections)(
    'of the custom detection "%s" gives the time that Defender wants, and the columns that are mapped',
    (_, query, rule) => {
      const columns = analyse(query).columns ?? {}
      const { customDetails, entityMappings } = alertTemplateOf(rule)
      const mapped = Object.values(entityMappings).flatMap((list) => list.flatMap((m) => Object.values(m)))
      const wanted = ['TimeGenerated', ...Object.values(customDetails), ...mapped]
      expect(wanted.filter((column) => columns[column] === undefined)).toEqual([])
    },
  )
})
