metadata description = 'What wakes an operator: failures, dead letters, old pending deliveries, sinks that are not set up, partitions that stand still, lag, silence, another program, an unsealed archive, lost rows, throttling.'

param tags object

@minLength(1)
@maxLength(200)
param namePrefix string

@minLength(1)
@maxLength(260)
param actionGroupName string

@description('Addresses to write to; none: the alarms are only seen in the portal.')
param emailAddresses string[]

@description('Region of the workspace.')
param workspaceLocation string
param workspaceId string
param functionAppName string
param eventHubNamespaceId string
param dataCollectionRuleName string

@description('How old the oldest pending delivery may become, in minutes.')
@minValue(1)
param oldestPendingMinutes int

@description('How long a message waits to be read, in hours.')
@minValue(1)
param eventHubRetentionHours int

@description('Whether the app seals the archive.')
param seals bool

@description('SHA-256 of the program that is deployed; empty: what runs is not compared.')
param programSha256 string

@description('When this deployment was made, as yyyy-MM-ddTHH:mm:ssZ.')
param deployedAt string

@description('Whether the alarms fire.')
param enabled bool

@description('The tables that the queries read: a rule that names a missing one is refused.')
param tableNames array

var healthTable = first(filter(tableNames, tableName => startsWith(tableName, 'EntraRiskExportHealth')))

// What is replayed tells of another time. The empty leg stands in where the table was deleted: then the alarm on silence fires, in place
// of an error that nobody sees.
var noHealth = 'datatable(TimeGenerated: datetime, LastUpdatedDateTime: datetime, IsBackfilled: bool, ProgramSha256: string, DeadLetters: long, Sinks: dynamic, Partitions: dynamic, FactsOnlyInGraph: long, DiagnosticSetting: string, EvidenceSealedDateTime: datetime) []'
var heartbeats = 'union isfuzzy=true (${noHealth}), ${healthTable}\n| where coalesce(IsBackfilled, false) == false'
var sinks = '${heartbeats}\n| mv-expand SinkName = bag_keys(Sinks) to typeof(string)\n| extend Sink = Sinks[SinkName]'

// A row for each partition in each heartbeat. Heartbeats that went into a partition which stands still are missing; the others tell of it.
var partitions = '${heartbeats}\n| mv-expand Partition = Partitions\n| project SentAt = LastUpdatedDateTime, PartitionId = tostring(Partition.partition), Behind = tolong(Partition.behind), End = tolong(Partition.lastSequenceNumber)\n| extend Position = End - Behind'
var lagHours = min(24, max(1, eventHubRetentionHours / 2))

// Severities: 1 something is lost or about to be, 2 something is late, 3 something is worth a look.
var logAlerts = [
  {
    name: 'function-failures'
    displayName: 'Entra risk export: a function fails'
    description: 'The app has thrown in the last quarter of an hour. Failures of ingest hold the hub: see the exceptions in Application Insights.'
    severity: 1
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    // Not requests: a batch that is run again and again is one request, which has not ended. The empty leg stands in until the table exists.
    query: 'union isfuzzy=true (datatable(TimeGenerated: datetime, AppRoleName: string) []), AppExceptions\n| where AppRoleName =~ "${functionAppName}"'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 2
  }
  {
    name: 'dead-letters'
    displayName: 'Entra risk export: dead letters'
    description: 'Events were given up on. See them with `risk-export dead-letters list`; they are in the archive and can be retried.'
    severity: 1
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    query: '${heartbeats}\n| where DeadLetters > 0'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'oldest-pending'
    displayName: 'Entra risk export: a sink is behind'
    description: 'The oldest pending delivery is older than ${oldestPendingMinutes} minutes: a sink is down, slow, or refuses our credentials.'
    severity: 2
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    query: '${sinks}\n| where tolong(Sink.oldestPendingSeconds) > ${oldestPendingMinutes * 60}'
    dimension: 'SinkName'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'sink-not-set-up'
    displayName: 'Entra risk export: a sink is not set up'
    description: 'The settings of a sink cannot be used: its events are kept, and wait. `risk-export doctor` says what is wrong; a secret from Key Vault is asked for again after infra/wait-for-references.sh.'
    severity: 2
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    query: '${sinks}\n| where tobool(Sink.notConfigured)'
    dimension: 'SinkName'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'lag'
    displayName: 'Entra risk export: a partition is far behind'
    description: 'What the hub took ${lagHours} hours ago is still to be read in a partition. The hub forgets after ${eventHubRetentionHours} hours: see how far the app is behind with `risk-export status`, and what holds it.'
    severity: 1
    evaluationFrequency: 'PT15M'
    windowSize: 'P2D'
    // Where the partition ended then, against where the app is now: both are told by the heartbeats of any partition.
    query: '${partitions}\n| summarize EndThen = maxif(End, SentAt < ago(${lagHours}h)), (Latest, Reached) = arg_max(SentAt, Position) by PartitionId\n| where Reached < EndThen'
    dimension: 'PartitionId'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'partition-stuck'
    displayName: 'Entra risk export: a partition stands still'
    description: 'The app has not moved on in a partition for half an hour though messages wait there: every attempt fails, or the host cannot hand a message over. Nothing of that partition is delivered, and the hub forgets after its retention. See "A partition stands still" in docs/operations.md.'
    severity: 1
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    // Since when messages have waited at the position that the app has now. Twice the time between heartbeats is left for those that are missing.
    query: '${partitions}\n| summarize WaitingSince = minif(SentAt, Behind > 0), Latest = max(SentAt) by PartitionId, Position\n| summarize arg_max(Latest, WaitingSince) by PartitionId\n| where Latest - WaitingSince >= 20m'
    dimension: 'PartitionId'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'heartbeat-missing'
    displayName: 'Entra risk export: no heartbeat'
    description: 'No heartbeat has arrived for half an hour, or none at all in the two hours after a deployment: the app, the hub, the rule or the workspace does not work. Risk events are rare, so silence alone would not show it.'
    severity: 1
    evaluationFrequency: 'PT15M'
    windowSize: 'P2D'
    // Where none was seen for two days, the deployment counts as one that came an hour and a half late: it may be new.
    query: '${heartbeats}\n| summarize Seen = max(TimeGenerated)\n| where coalesce(Seen, datetime(${deployedAt}) + 90m) < ago(30m)'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'stream-loss'
    displayName: 'Entra risk export: the stream has lost facts'
    description: 'Microsoft Graph has risk facts that the diagnostic setting has not brought. The exporter has fetched them, or will at its next comparison: check that the setting still exists and still names the hub.'
    severity: 2
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    // Until the comparison is switched on, heartbeats say nothing of it.
    query: '${heartbeats}\n| where FactsOnlyInGraph > 0'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'diagnostic-setting'
    displayName: 'Entra risk export: the diagnostic setting is gone or incomplete'
    description: 'The diagnostic setting of Entra does not stream all risk of workload identities to this hub: create it again with infra/tenant/diagnostic-setting.sh. The exporter sees it only where it may read it (docs/graph.md).'
    severity: 1
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    query: '${heartbeats}\n| where DiagnosticSetting in ("gone", "incomplete")'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'ingestion-errors'
    displayName: 'Entra risk export: rows are lost on the way into the workspace'
    description: 'The data collection rule took rows and could not store them. The archive has them: fix the rule, then replay.'
    severity: 1
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    // The table exists once the first error arrives.
    query: 'union isfuzzy=true (datatable(TimeGenerated: datetime, _ResourceId: string) []), DCRLogErrors\n| where _ResourceId endswith "/${toLower(dataCollectionRuleName)}"'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 0
  }
]

var sealAlert = {
  name: 'archive-unsealed'
  displayName: 'Entra risk export: the archive is not sealed'
  description: 'The log of the archive has not grown for an hour: what is archived cannot be proved until it does. See the exceptions of the function seal, its key, and `risk-export status`.'
  severity: 2
  evaluationFrequency: 'PT15M'
  windowSize: 'PT1H'
  // For half an hour after the first heartbeat, the first seal may be to come.
  query: '${heartbeats}\n| summarize Sealed = max(EvidenceSealedDateTime), First = min(TimeGenerated), Last = max(TimeGenerated)\n| where Last - First > 30m and (isnull(Sealed) or Last - Sealed > 1h)'
  timeAggregation: 'Count'
  operator: 'GreaterThan'
  threshold: 0
}

var programAlert = {
  name: 'other-program'
  displayName: 'Entra risk export: another program runs'
  description: 'For half an hour, heartbeats have come from a program that is not the one of this deployment: its package was not deployed, or somebody has deployed another one.'
  severity: 1
  evaluationFrequency: 'PT15M'
  windowSize: 'PT1H'
  // Half an hour, since the package is deployed after the infrastructure that pins it.
  query: '${heartbeats}\n| where LastUpdatedDateTime > datetime(${deployedAt})\n| summarize Since = min(LastUpdatedDateTime), Latest = max(LastUpdatedDateTime) by ProgramSha256\n| summarize arg_max(Latest, Since, ProgramSha256)\n| where ProgramSha256 != "${programSha256}" and Latest - Since >= 30m'
  timeAggregation: 'Count'
  operator: 'GreaterThan'
  threshold: 0
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'risk-export'
    emailReceivers: [for (address, index) in emailAddresses: {
      name: 'mail-${index}'
      emailAddress: address
      useCommonAlertSchema: true
    }]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in concat(logAlerts, seals ? [sealAlert] : [], empty(programSha256) ? [] : [programAlert]): {
  name: '${namePrefix}${alert.name}'
  location: workspaceLocation
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: alert.displayName
    description: alert.description
    enabled: enabled
    // Azure Monitor would run the query to check it, over tables that do not exist before data has arrived.
    skipQueryValidation: true
    severity: alert.severity
    scopes: [
      workspaceId
    ]
    evaluationFrequency: alert.evaluationFrequency
    windowSize: alert.windowSize
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: alert.query
          timeAggregation: alert.timeAggregation
          operator: alert.operator
          threshold: alert.threshold
          // One alert for each of them.
          dimensions: contains(alert, 'dimension')
            ? [
                {
                  name: alert.?dimension
                  operator: 'Include'
                  values: ['*']
                }
              ]
            : []
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [
        group.id
      ]
    }
  }
}]

resource throttling 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${namePrefix}event-hub-throttling'
  location: 'global'
  tags: tags
  properties: {
    description: 'The namespace refuses requests for want of throughput units: raise maximumThroughputUnits, or find out who writes so much.'
    severity: 2
    enabled: enabled
    scopes: [
      eventHubNamespaceId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: 'Microsoft.EventHub/namespaces'
          metricName: 'ThrottledRequests'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [
      {
        actionGroupId: group.id
      }
    ]
  }
}
