import { isDeepStrictEqual } from 'node:util'
import { tableDeclarations } from '../../../shared/sinks/log-analytics/tables.ts'
import type { Deployed } from '../../support/bicep/snapshot.ts'
import { isArray } from '../../support/bicep/value.ts'
import { type Columns, keptAnalyserFor } from '../../support/kql/analyse.ts'
import { at, demand, differences, inEach, label, ofType, type Rule, SCENARIO_NAMES, textAt } from './world.ts'

const LOG_ALERT = 'Microsoft.Insights/scheduledQueryRules'
const METRIC_ALERT = 'Microsoft.Insights/metricAlerts'

/** What a night’s sleep depends on. */
const ALARMS = [
  'archive-unsealed',
  'dead-letters',
  'event-hub-throttling',
  'function-failures',
  'heartbeat-missing',
  'ingestion-errors',
  'lag',
  'oldest-pending',
  'other-program',
  'partition-stuck',
  'sink-not-set-up',
  'stream-loss',
  'diagnostic-setting',
]

const standard: Columns = { TimeGenerated: 'datetime', _ResourceId: 'string' }
/**
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/appexceptions and …/dcrlogerrors:
 * the columns that we read.
 */
const native: Readonly<Record<string, Columns>> = {
  AppExceptions: { ...standard, AppRoleName: 'string' },
  DCRLogErrors: { ...standard, Message: 'string', OperationName: 'string' },
}
const own = Object.fromEntries(
  tableDeclarations().map((t) => [
    t.name,
    {
      ...standard,
      ...Object.fromEntries(t.columns.map((c) => [c.name, c.type === 'boolean' ? 'bool' : c.type])),
    },
  ]),
)
/** Of heartbeats, what the queries read: they may run where the table was deleted, and declare these for then. */
const HEALTH_TABLE = 'EntraRiskExportHealth_CL'
const HEALTH_COLUMNS = [
  'TimeGenerated',
  'LastUpdatedDateTime',
  'IsBackfilled',
  'ProgramSha256',
  'DeadLetters',
  'Sinks',
  'Partitions',
  'FactsOnlyInGraph',
  'DiagnosticSetting',
  'EvidenceSealedDateTime',
].map((name) => [name, own[HEALTH_TABLE]?.[name] ?? 'no such column'] as const)
const analyser = keptAnalyserFor({
  tables: { ...native, ...own, [HEALTH_TABLE]: Object.fromEntries(HEALTH_COLUMNS) },
  functions: [],
})
const remarks = new Map<string, readonly string[]>()

/** Errors and warnings of a query; each query is analysed once. */
function remarksOn(query: string): readonly string[] {
  const kept = remarks.get(query)
  if (kept !== undefined) return kept
  const { errors, warnings } = analyser(query)
  remarks.set(query, [...errors, ...warnings])
  return [...errors, ...warnings]
}

const shortName = (alert: Deployed): string => alert.name.replace(/^risk-export-[a-z0-9]{13}-/, '')
const MINUTES: Readonly<Record<string, number>> = { M: 1, H: 60, D: 1440 }
const minutes = (duration: unknown): number => {
  const [, count, unit = ''] = /^PT?(\d+)([MHD])$/.exec(String(duration)) ?? []
  return Number(count) * (MINUTES[unit] ?? Number.NaN)
}

/** Windows that Azure Monitor knows, in minutes: https://github.com/Azure/azure-rest-api-specs/issues/21258. */
const WINDOWS = [5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440, 2880]

/** an alarm by name, with the parts that decide when it fires. */
const condition = (alert: Deployed | undefined): string =>
  ['query', 'timeAggregation', 'operator', 'threshold']
    .map((part) =>
      part === 'threshold'
        ? JSON.stringify(at(alert?.body, `properties.criteria.allOf.0.${part}`))
        : textAt(alert?.body, `properties.criteria.allOf.0.${part}`),
    )
    .join(' | ')
    .replaceAll('\n', ' ')
    .replaceAll(/(func|dcr)-[a-z0-9]{13}/g, '$1-…')

/** Heartbeats that are not replayed, and with them a row for each sink. */
const HEARTBEATS = `union isfuzzy=true (datatable(${HEALTH_COLUMNS.map(([name, type]) => `${name}: ${type}`).join(', ')}) []), ${HEALTH_TABLE}`
const FRESH = `${HEARTBEATS} | where coalesce(IsBackfilled, false) == false`
const EACH_PARTITION = `${FRESH} | mv-expand Partition = Partitions | project SentAt = LastUpdatedDateTime, PartitionId = tostring(Partition.partition), Behind = tolong(Partition.behind), End = tolong(Partition.lastSequenceNumber) | extend Position = End - Behind`
const EACH_SINK = `${FRESH} | mv-expand SinkName = bag_keys(Sinks) to typeof(string) | extend Sink = Sinks[SinkName]`

/** Query and threshold, with the names of this deployment left out. */
const CONDITIONS: Readonly<Record<string, string>> = {
  'function-failures':
    'union isfuzzy=true (datatable(TimeGenerated: datetime, AppRoleName: string) []), AppExceptions | where AppRoleName =~ "func-…" | Count | GreaterThan | 2',
  'dead-letters': `${FRESH} | where DeadLetters > 0 | Count | GreaterThan | 0`,
  'oldest-pending': `${EACH_SINK} | where tolong(Sink.oldestPendingSeconds) > 3600 | Count | GreaterThan | 0`,
  'sink-not-set-up': `${EACH_SINK} | where tobool(Sink.notConfigured) | Count | GreaterThan | 0`,
  lag: `${EACH_PARTITION} | summarize EndThen = maxif(End, SentAt < ago(24h)), (Latest, Reached) = arg_max(SentAt, Position) by PartitionId | where Reached < EndThen | Count | GreaterThan | 0`,
  'other-program': `${FRESH} | where LastUpdatedDateTime > datetime(2026-03-01T10:00:00Z) | summarize Since = min(LastUpdatedDateTime), Latest = max(LastUpdatedDateTime) by ProgramSha256 | summarize arg_max(Latest, Since, ProgramSha256) | where ProgramSha256 != "${'cd'.repeat(32)}" and Latest - Since >= 30m | Count | GreaterThan | 0`,
  'partition-stuck': `${EACH_PARTITION} | summarize WaitingSince = minif(SentAt, Behind > 0), Latest = max(SentAt) by PartitionId, Position | summarize arg_max(Latest, WaitingSince) by PartitionId | where Latest - WaitingSince >= 20m | Count | GreaterThan | 0`,
  'archive-unsealed': `${FRESH} | summarize Sealed = max(EvidenceSealedDateTime), First = min(TimeGenerated), Last = max(TimeGenerated) | where Last - First > 30m and (isnull(Sealed) or Last - Sealed > 1h) | Count | GreaterThan | 0`,
  'heartbeat-missing': `${FRESH} | summarize Seen = max(TimeGenerated) | where coalesce(Seen, datetime(2026-03-01T10:00:00Z) + 90m) < ago(30m) | Count | GreaterThan | 0`,
  'diagnostic-setting': `${FRESH} | where DiagnosticSetting in ("gone", "incomplete") | Count | GreaterThan | 0`,
  'stream-loss': `${FRESH} | where FactsOnlyInGraph > 0 | Count | GreaterThan | 0`,
  'ingestion-errors':
    'union isfuzzy=true (datatable(TimeGenerated: datetime, _ResourceId: string) []), DCRLogErrors | where _ResourceId endswith "/dcr-…" | Count | GreaterThan | 0',
}

/** Alarms that name the one among many that they are about, by this column. */
const DIMENSIONS: Readonly<Record<string, string>> = {
  'oldest-pending': 'SinkName',
  'sink-not-set-up': 'SinkName',
  'partition-stuck': 'PartitionId',
  lag: 'PartitionId',
}

const WATCHED = [
  'Microsoft.EventHub/namespaces/authorizationRules/listKeys/action',
  'Microsoft.EventHub/namespaces/authorizationRules/regenerateKeys/action',
  'Microsoft.Insights/diagnosticSettings/delete',
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/delete',
  'Microsoft.Web/sites/publishxml/action',
]

/** Alarms: all of them, true to the tables, and heard. */
export const alertRules: readonly Rule[] = [
  {
    name: 'there is an alarm for failures, dead letters, old pending deliveries, broken sinks, partitions that stand still, lag, silence, another program, an unsealed archive, losses of the stream, lost rows and throttling',
    check: inEach(SCENARIO_NAMES, (d, scenario) =>
      differences(
        'alarms',
        [...ofType(d, LOG_ALERT), ...ofType(d, METRIC_ALERT)].map(shortName),
        // What runs is compared with what was said.
        ALARMS.filter((name) => name !== 'other-program' || !['plain', 'spelling'].includes(scenario)),
      ),
    ),
  },
  {
    name: 'every query means something in the tables that it reads',
    check: inEach(['usual'], (d) => [
      ...remarksOn(HEARTBEATS),
      ...ofType(d, LOG_ALERT).flatMap((alert) =>
        // What they all begin with is analysed once: it takes as long as the rest.
        remarksOn(
          textAt(alert.body, 'properties.criteria.allOf.0.query').replace(HEARTBEATS, HEALTH_TABLE),
        ).map((remark) => `${shortName(alert)}: ${remark}`),
      ),
    ]),
  },
  {
    name: 'every alarm fires when it should',
    check: inEach(['usual'], (d) =>
      Object.entries(CONDITIONS)
        .map(([name, wanted]) => ({
          name,
          wanted,
          found: condition(ofType(d, LOG_ALERT).find((a) => shortName(a) === name)),
        }))
        .filter(({ wanted, found }) => wanted !== found)
        .map(({ name, found }) => `${name}: ${found}`),
    ),
  },
  {
    name: 'an alarm about one of many sinks or partitions names it',
    check: inEach(['plain'], (d) =>
      ofType(d, LOG_ALERT).flatMap((alert) => {
        const column = DIMENSIONS[shortName(alert)]
        const wanted = column === undefined ? [] : [{ name: column, operator: 'Include', values: ['*'] }]
        return isDeepStrictEqual(at(alert.body, 'properties.criteria.allOf.0.dimensions'), wanted)
          ? []
          : [label(alert)]
      }),
    ),
  },
  {
    name: 'a query is not refused for a table that no row has made yet',
    check: inEach(SCENARIO_NAMES, (d) => [
      ...demand(LOG_ALERT, { 'properties.skipQueryValidation': true })(d),
      ...ofType(d, LOG_ALERT)
        .filter((alert) => {
          const query = textAt(alert.body, 'properties.criteria.allOf.0.query')
          return (
            [...Object.keys(native), ...Object.keys(own)].some((table) => query.includes(table)) &&
            !query.startsWith('union isfuzzy=true (datatable(')
          )
        })
        .map(label),
    ]),
  },
  {
    name: 'throttling is counted where Event Hubs counts it',
    check: inEach(SCENARIO_NAMES, (d) =>
      demand(METRIC_ALERT, {
        'properties.scopes': [ofType(d, 'Microsoft.EventHub/namespaces')[0]?.id],
        'properties.criteria': {
          'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
          allOf: [
            {
              criterionType: 'StaticThresholdCriterion',
              name: 'throttled',
              metricNamespace: 'Microsoft.EventHub/namespaces',
              metricName: 'ThrottledRequests',
              timeAggregation: 'Total',
              operator: 'GreaterThan',
              threshold: 0,
            },
          ],
        },
      })(d),
    ),
  },
  {
    name: 'every alarm looks at least as far back as it is apart from the last look, is on unless asked otherwise, and goes to the action group',
    check: inEach(SCENARIO_NAMES, (d, scenario) => {
      const group = ofType(d, 'Microsoft.Insights/actionGroups')[0]?.id
      const alerts = [...ofType(d, LOG_ALERT), ...ofType(d, METRIC_ALERT)]
      return [
        ...alerts
          .filter(
            ({ body }) =>
              !(
                minutes(at(body, 'properties.windowSize')) >=
                minutes(at(body, 'properties.evaluationFrequency'))
              ) ||
              !WINDOWS.includes(minutes(at(body, 'properties.windowSize'))) ||
              at(body, 'properties.enabled') !== (scenario !== 'landing-zone') ||
              at(body, 'properties.autoMitigate') !== true ||
              ![1, 2].some((severity) => severity === at(body, 'properties.severity')) ||
              (at(body, 'properties.actions.actionGroups.0') ??
                at(body, 'properties.actions.0.actionGroupId')) !== group,
          )
          .map(label),
        ...demand('Microsoft.Insights/actionGroups', { 'properties.enabled': true, location: 'global' })(d),
      ]
    }),
  },
  {
    name: 'log alarms read the workspace',
    check: inEach(['plain', 'private'], (d) =>
      demand(LOG_ALERT, {
        kind: 'LogAlert',
        'properties.scopes': [ofType(d, 'Microsoft.OperationalInsights/workspaces')[0]?.id],
        'properties.criteria.allOf.0.failingPeriods': {
          numberOfEvaluationPeriods: 1,
          minFailingPeriodsToAlert: 1,
        },
      })(d),
    ),
  },
  {
    name: 'taking keys of the hub, taking protection away and replacing the program are told of',
    check: inEach(SCENARIO_NAMES, (d) => {
      const alerts = ofType(d, 'Microsoft.Insights/activityLogAlerts')
      const operations = alerts.flatMap(({ body }) => {
        const any = at(body, 'properties.condition.allOf.2.anyOf')
        return isArray(any) ? any.map((condition) => textAt(condition, 'equals')) : []
      })
      return [
        ...WATCHED.filter((operation) => !operations.includes(operation)),
        ...demand('Microsoft.Insights/activityLogAlerts', {
          location: 'global',
          'properties.enabled': true,
          'properties.scopes': ofType(d, 'Microsoft.Resources/resourceGroups').map((r) => r.id),
          'properties.actions.actionGroups.0.actionGroupId': ofType(d, 'Microsoft.Insights/actionGroups')[0]
            ?.id,
        })(d),
      ]
    }),
  },
]
