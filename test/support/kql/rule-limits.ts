import { TACTICS, tacticsOf } from './attack.ts'
import type { Rule, RuleFile } from './sentinel-content.ts'

/** Minutes of a KQL duration such as `5m`, `1h`, `14d`. */
export const minutesOf = (duration: string | undefined): number => {
  const [, n = '', unit = ''] = /^(\d+)([mhd])$/.exec(duration ?? '') ?? []
  return Number(n || Number.NaN) * ({ m: 1, h: 60, d: 1440 }[unit] ?? Number.NaN)
}

/** Identifiers that an entity may have, and those of which it needs one. */
const IDENTIFIERS: Readonly<
  Record<string, { readonly all: readonly string[]; readonly oneOf: readonly string[] }>
> = {
  Account: {
    all: ['Name', 'FullName', 'UPNSuffix', 'AadTenantId', 'AadUserId', 'PUID', 'DisplayName', 'ObjectGuid'],
    oneOf: ['FullName', 'Name', 'AadUserId', 'PUID', 'ObjectGuid'],
  },
  CloudApplication: { all: ['AppId', 'Name', 'InstanceName'], oneOf: ['AppId', 'Name'] },
  IP: { all: ['Address'], oneOf: ['Address'] },
  AzureResource: { all: ['ResourceId'], oneOf: ['ResourceId'] },
}

/** Of `alertDynamicProperties`: the enum AlertProperty of the API. */
const ALERT_PROPERTIES = new Set(
  (
    'AlertLink ConfidenceLevel ConfidenceScore ExtendedLinks ProductComponentName ProductName ProviderName ' +
    'RemediationSteps SubTechniques Techniques'
  ).split(' '),
)

const placeholders = (format: string | undefined): readonly string[] =>
  [...(format ?? '').matchAll(/\{\{(.*?)\}\}/g)].map(([, column = '']) => column)

/** Every column that a rule maps, with the place that maps it. */
export const mappedColumns = (rule: Rule): readonly (readonly [place: string, column: string])[] => [
  ...(rule.entityMappings ?? []).flatMap((e) =>
    e.fieldMappings.map((f) => [`entity ${e.entityType}.${f.identifier}`, f.columnName] as const),
  ),
  ...Object.entries(rule.customDetails ?? {}).map(([k, column]) => [`custom detail ${k}`, column] as const),
  ...placeholders(rule.alertDetailsOverride?.alertDisplayNameFormat).map((c) => ['alert name', c] as const),
  ...placeholders(rule.alertDetailsOverride?.alertDescriptionFormat).map(
    (c) => ['alert description', c] as const,
  ),
  ...[rule.alertDetailsOverride?.alertSeverityColumnName ?? []].flat().map((c) => ['severity', c] as const),
  ...[rule.alertDetailsOverride?.alertTacticsColumnName ?? []].flat().map((c) => ['tactics', c] as const),
  ...(rule.alertDetailsOverride?.alertDynamicProperties ?? []).map(
    ({ alertProperty, value }) => [`alert property ${alertProperty}`, value] as const,
  ),
]

const entityProblems = (rule: Rule): readonly string[] =>
  (rule.entityMappings ?? []).flatMap(({ entityType, fieldMappings }, i) => {
    const known = IDENTIFIERS[entityType]
    const used = fieldMappings.map((f) => f.identifier)
    if (known === undefined) return [`entity ${i}: type ${entityType}`]
    return [
      ...(used.length >= 1 && used.length <= 3 ? [] : [`entity ${i}: needs one to three identifiers`]),
      ...(new Set(used).size === used.length ? [] : [`entity ${i}: identifier twice`]),
      ...used.filter((u) => !known.all.includes(u)).map((u) => `entity ${i}: ${entityType} has no ${u}`),
      ...(used.some((u) => known.oneOf.includes(u))
        ? []
        : [`entity ${i}: needs one of ${known.oneOf.join(', ')}`]),
      ...fieldMappings
        .filter((f) => !/^[a-zA-Z_]+\w*$/.test(f.columnName))
        .map((f) => `entity ${i}: column name ${f.columnName}`),
    ]
  })

const when = (wrong: boolean, problem: string): readonly string[] => (wrong ? [problem] : [])

/** What holds for hunting queries and rules alike. */
export const sharedProblems = ({ rule, text }: RuleFile): readonly string[] => [
  ...when(!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(rule.id), 'id is not a GUID'),
  ...when(rule.name.length > 55 || rule.name.endsWith('.'), 'name is long or ends with a period'),
  ...when(
    !/^(Identifies|This query searches for)/.test(rule.description),
    'description does not begin in style',
  ),
  ...when(rule.description.length > 5000, 'description is over 5000 characters'),
  ...when(rule.query.length < 1 || rule.query.length > 10_000, 'query is not of 1 to 10000 characters'),
  ...when(
    !/^\d+\.\d+\.\d+$/.test(rule.version) || !/\nversion: \S+\n$/.test(text),
    'version is not x.y.z in the last line',
  ),
  ...when(/[^\t\n\r -~]/.test(text), 'has characters outside ASCII'),
  ...when(rule.tactics.length === 0 || rule.relevantTechniques.length === 0, 'has no tactic or no technique'),
  ...rule.tactics.filter((t) => !TACTICS.has(t)).map((t) => `tactic ${t} is unknown`),
  ...rule.tactics
    .filter((t) => !rule.relevantTechniques.some((x) => tacticsOf(x).includes(t)))
    .map((t) => `tactic ${t} has no technique`),
  ...rule.relevantTechniques
    .filter((t) => !/^T\d{4}(\.\d{3})?$/.test(t) || !rule.tactics.some((x) => tacticsOf(t).includes(x)))
    .map((t) => `technique ${t} has no tactic here`),
  ...when(
    (rule.entityMappings ?? []).length < 1 || (rule.entityMappings ?? []).length > 10,
    'needs 1 to 10 entities',
  ),
  ...entityProblems(rule),
]

/** Limits of the Azure-Sentinel repository and of the service for an analytics rule. */
export const ruleProblems = (file: RuleFile): readonly string[] => {
  const { rule } = file
  const [frequency, period] = [minutesOf(rule.queryFrequency), minutesOf(rule.queryPeriod)]
  const formats = [
    rule.alertDetailsOverride?.alertDisplayNameFormat,
    rule.alertDetailsOverride?.alertDescriptionFormat,
  ]
  return [
    ...sharedProblems(file),
    ...when(rule.kind !== 'Scheduled', 'kind is not Scheduled: the stable API knows no other kind of ours'),
    ...when(!['Informational', 'Low', 'Medium', 'High'].includes(rule.severity ?? ''), 'severity'),
    ...when(!(frequency >= 5 && frequency <= 20_160), 'queryFrequency is not 5 minutes to 14 days'),
    ...when(!(period >= frequency && period <= 20_160), 'queryPeriod is not from queryFrequency to 14 days'),
    ...when(
      period >= 2880 && frequency < 60,
      'a period of 2 days and more needs a frequency of 1 hour and more',
    ),
    ...when(!['gt', 'lt', 'eq', 'ne'].includes(rule.triggerOperator ?? ''), 'triggerOperator'),
    ...when(
      !((rule.triggerThreshold ?? -1) >= 0 && (rule.triggerThreshold ?? -1) <= 10_000),
      'triggerThreshold',
    ),
    ...when(Object.keys(rule.customDetails ?? {}).length > 20, 'more than 20 custom details'),
    ...Object.keys(rule.customDetails ?? {})
      .filter((k) => !/^[a-zA-Z]+\w*$/.test(k) || k.length > 20)
      .map((k) => `custom detail ${k}: dead letters first, at most 20 characters`),
    ...formats.filter((f) => placeholders(f).length > 3).map((f) => `more than 3 columns in: ${f}`),
    ...formats
      .flatMap(placeholders)
      .filter((c) => /\W/.test(c))
      .map((c) => `placeholder {{${c}}} is not a column name`),
    ...(rule.alertDetailsOverride?.alertDynamicProperties ?? [])
      .filter(({ alertProperty }) => !ALERT_PROPERTIES.has(alertProperty))
      .map(({ alertProperty }) => `alert property ${alertProperty} is unknown`),
    ...when(
      (formats[0] ?? '').length > 256 || (formats[1] ?? '').length > 5000,
      'alert name or description is too long',
    ),
  ]
}
