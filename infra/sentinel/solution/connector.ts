import { CONNECTOR_ID, CONNECTOR_VERSION, SOLUTION } from './about.ts'
import {
  type Content,
  extensionId,
  inSentinel,
  type JsonObject,
  literal,
  metadataResource,
  parseJsonObject,
} from './template-parts.ts'

const HEARTBEATS = 'EntraRiskExportHealth_CL'
const TABLES = [
  'EntraRiskDetections_CL',
  'EntraRiskyIdentities_CL',
  'EntraIdentityContext_CL',
  'EntraRiskResponses_CL',
  HEARTBEATS,
]

/**
 * The page of the data connector. Risk is rare, so that silence says nothing: connected is an exporter
 * whose own heartbeat came within the hour.
 */
export const connectorPage = (): JsonObject =>
  parseJsonObject({
    id: CONNECTOR_ID,
    title: 'Entra workload identity risk (risk export)',
    publisher: SOLUTION.publisher,
    descriptionMarkdown: `[Entra risk export](${SOLUTION.repository}) is an Azure Functions app in your own subscription. It takes risk detections and risky identities of service principals and agents from an Event Hub, keeps the exact records as evidence, and writes them to custom tables of this workspace.`,
    graphQueries: TABLES.slice(0, 2).map((table) => ({
      metricName: `Rows in ${table}`,
      legend: table,
      baseQuery: table,
    })),
    sampleQueries: [
      {
        description: 'Identities at risk now',
        query:
          'EntraWorkloadRisk()\n| where TimeGenerated > ago(90d) and RiskState in ("atRisk", "confirmedCompromised")\n| project IdentityDisplayName, RiskLevel, RiskState, RiskEventTypes, AppId, IdentityId',
      },
      {
        description: 'Detections of the last week',
        query:
          'EntraWorkloadRiskHistory()\n| where TimeGenerated > ago(7d) and Kind == "riskDetection"\n| project DetectedDateTime, IdentityDisplayName, RiskEventType, RiskLevel, RiskState, IpAddress',
      },
      {
        description: 'What the exporter says of itself',
        query: `${HEARTBEATS}\n| where TimeGenerated > ago(1h)\n| project TimeGenerated, ExporterVersion, EventsPending, DeadLetters`,
      },
    ],
    dataTypes: TABLES.map((name) => ({
      name,
      lastDataReceivedQuery: `${name}\n| summarize Time = max(TimeGenerated)\n| where isnotempty(Time)`,
    })),
    connectivityCriterias: [
      {
        type: 'IsConnectedQuery',
        value: [
          `${HEARTBEATS}\n| where TimeGenerated > ago(1d) and Origin != "operator"\n| summarize LastHeartbeat = max(TimeGenerated)\n| project IsConnected = LastHeartbeat > ago(1h)`,
        ],
      },
    ],
    availability: { status: 1, isPreview: false },
    permissions: {
      resourceProvider: [
        {
          provider: 'Microsoft.OperationalInsights/workspaces',
          permissionsDisplayText: 'read and write permissions on the workspace are required.',
          providerDisplayName: 'Workspace',
          scope: 'Workspace',
          requiredPermissions: { read: true, write: true, delete: true },
        },
      ],
      customs: [
        {
          name: 'Subscription',
          description:
            'Owner, or Contributor together with Role Based Access Control Administrator, of the resource group that takes the app.',
        },
        {
          name: 'Microsoft Entra ID',
          description:
            'Security Administrator, once, to make the diagnostic setting that streams risk to the Event Hub.',
        },
        {
          name: 'Licence',
          description:
            'Workload Identities Premium shows level and detail of the risk of service principals; without it they are "hidden".',
        },
      ],
    },
    instructionSteps: [
      {
        title: '1. Deploy the app with this workspace',
        description: `Follow [the guide](${SOLUTION.repository}/blob/main/docs/deploy.md) and give the resource id of this workspace as \`workspaceResourceId\`. The deployment makes the tables, the data collection rule and the rights of the app; no key is copied.`,
        instructions: [
          {
            parameters: { fillWith: ['WorkspaceId'], label: 'Workspace ID' },
            type: 'CopyableLabel',
          },
        ],
      },
      {
        title: '2. Stream risk to the Event Hub',
        description:
          'Run `infra/tenant/diagnostic-setting.sh` with the rule id and the hub that the deployment prints.',
      },
      {
        title: '3. See the heartbeat',
        description:
          'The first one comes within five minutes, and can be searched up to ten minutes later. This page shows "Connected" as long as one came within the last hour.',
      },
      {
        title: '4. Create rules',
        description: `Rules of this solution are templates. Create them in *Analytics*, or all at once by \`infra/sentinel/create-rules.sh\`, which leaves rules that exist as they are.`,
      },
    ],
  })

const connectorResource = (page: JsonObject): JsonObject => ({
  type: 'Microsoft.OperationalInsights/workspaces/providers/dataConnectors',
  apiVersion: '2021-03-01-preview',
  name: inSentinel(CONNECTOR_ID),
  location: "[parameters('workspace-location')]",
  kind: 'GenericUI',
  properties: { connectorUiConfig: literal(page) },
})

const CONNECTOR = {
  kind: 'DataConnector',
  contentId: CONNECTOR_ID,
  version: CONNECTOR_VERSION,
  displayName: 'Entra workload identity risk (risk export)',
} as const

const metadata = (): JsonObject => metadataResource(CONNECTOR, extensionId('dataConnectors', CONNECTOR_ID))

/** The page as a template, and the page itself. */
export const connectorContent = (): {
  readonly content: Content
  readonly resources: readonly JsonObject[]
} => ({
  content: { ...CONNECTOR, template: { resources: [connectorResource(connectorPage()), metadata()] } },
  resources: [
    connectorResource(connectorPage()),
    { ...metadata(), dependsOn: [extensionId('dataConnectors', CONNECTOR_ID)] },
  ],
})
