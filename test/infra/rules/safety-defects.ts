import type { Defect } from './defect.ts'
import { type ScenarioName, snapshotOf } from './world.ts'

/** In what would be deployed: a JSON property for another. */
export const deployed = (scenario: ScenarioName, from: string, to: string, rule: string): Defect => [
  snapshotOf(scenario),
  from,
  to,
  rule,
]

/** Defects of access, secrets, network and rights. */
export const SAFETY_DEFECTS: readonly Defect[] = [
  deployed('plain', '"allowSharedKeyAccess": false', '"allowSharedKeyAccess": true', 'storage takes TLS'),
  deployed('plain', '"TLS1_2"', '"TLS1_0"', 'storage takes TLS'),
  deployed('plain', '"publicAccess": "None"', '"publicAccess": "Blob"', 'no container is public'),
  deployed('plain', '"httpsOnly": true', '"httpsOnly": false', 'the app takes HTTPS'),
  deployed('plain', '/scm",\n      "api', '/ftp",\n      "api', 'the app takes HTTPS'),
  deployed('plain', '"allow": false', '"allow": true', 'the app takes HTTPS'),
  deployed('plain', '"disableLocalAuth": false', '"disableLocalAuth": true', 'fit for Entra'),
  deployed(
    'private',
    '"trustedServiceAccessEnabled": true',
    '"trustedServiceAccessEnabled": false',
    'fit for Entra',
  ),
  deployed('plain', '"Manage",', '', 'one shared access rule'),
  deployed(
    'plain',
    '"enableRbacAuthorization": true',
    '"enableRbacAuthorization": false',
    'the vault gives rights',
  ),
  deployed('plain', '"DisableLocalAuth": true', '"DisableLocalAuth": false', 'telemetry and workspace'),
  deployed('plain', '"StorageRead"', '"StorageReads"', 'is logged'),
  [
    'infra/modules/key-vault.bicep',
    '@secure()\nparam webhookToken',
    'param webhookToken',
    'named like a secret',
  ],
  [
    'infra/modules/event-hub.bicep',
    'output namespaceId string = namespace.id',
    'output namespaceId string = namespace.listKeys().primaryKey',
    'no key is ever listed',
  ],
  deployed(
    'private',
    '"outputs": {',
    '"outputs": { "secret": { "value": "[parameters(\'webhookSecret\')]" },',
    'no output holds',
  ),
  deployed(
    'usual',
    '"WEBHOOK_TOKEN": ""',
    '"WEBHOOK_TOKEN": "[parameters(\'webhookSecret\')]"',
    'lands in the vault and nowhere else',
  ),
  deployed(
    'usual',
    '"Microsoft.ManagedIdentity/userAssignedIdentities"',
    '"Microsoft.Network/virtualNetworks"',
    'there is no network',
  ),
  deployed(
    'private',
    '"publicNetworkAccess": "Disabled"',
    '"publicNetworkAccess": "Enabled"',
    'everything refuses public addresses',
  ),
  deployed('private', '"queue"', '"file"', 'a private endpoint for each service'),
  deployed('private', '"registrationEnabled": false', '"registrationEnabled": true', 'every zone is linked'),
  deployed('private', '"Microsoft.App/environments"', '"Microsoft.Web/serverFarms"', 'delegated as Flex'),
  deployed('private', '"PrivateOnly"', '"Open"', 'private link scope'),
  deployed(
    'private',
    '"dataCollectionEndpointId": "',
    '"dataCollectionEndpointId": "/other',
    'goes by the endpoint',
  ),
  ['infra/roles.json', 'a638d3c7', 'a638d3c8', 'role ids are those'],
  deployed(
    'plain',
    "/eventhubs/entra-risk', 'Microsoft.Authorization/roleAssignments'",
    "', 'Microsoft.Authorization/roleAssignments'",
    'the app alone has rights',
  ),
  deployed('usual', '"group-auditors"', '"group-operators"', 'auditors and operators have exactly'),
  deployed('guest', '"group-operators"', '"group-auditors"', 'a workspace that is not ours'),
  deployed('guest', 'blobs/delete', 'blobs/deleted', 'forbids deleting blobs'),
  deployed('plain', 'blobs/write"', 'blobs/delete"', 'can neither delete'),
  deployed('usual', '"principalType": "Group"', '"principalType": "User"', 'what kind of principal'),
  deployed(
    'plain',
    "2b629674-e913-4c01-ae53-ef4638d8f975')]",
    "a638d3c7-ab3a-418d-83e6-5f17a39d4fde')]",
    'no two assignments',
  ),
  deployed('usual', '"SWEEP_SCHEDULE"', '"SWEEP_SCHEDULES"', 'exactly the settings'),
  deployed('plain', '"SWEEP_SCHEDULE"', '"WEBHOOK_URL": "", "SWEEP_SCHEDULE"', 'without a webhook'),
  deployed('plain', '"LOGS_INGESTION_RULE_ID": "', '"LOGS_INGESTION_RULE_IDS": "', 'the program starts'),
  deployed('usual', '"20000"', '"30000"', 'keeps the program’s default'),
]
