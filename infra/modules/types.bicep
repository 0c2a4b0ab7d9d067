metadata description = 'Shapes of parameters that belong together.'

@export()
@description('How the webhook behaves; what is left out keeps the program\'s default.')
type webhookOptions = {
  @description('Body of a delivery.')
  format: ('cef' | 'cloudevents' | 'elastic-bulk' | 'json' | 'ocsf' | 'otlp' | 'secops' | 'splunk-hec')?

  @description('How the events of a delivery are joined; left out: as is usual for the format.')
  framing: ('array' | 'ndjson' | 'single')?

  @description('Content type of a delivery; left out: that of format and framing.')
  contentType: string?

  @description('Compress deliveries.')
  gzip: bool?

  @description('How the receiver is shown who sends; left out: as is usual for the format. The secret or token lies in the vault.')
  auth: ('signature' | 'bearer' | 'api-key' | 'header' | 'splunk' | 'basic' | 'entra' | 'none')?

  @description('Header that holds the token, for `header`.')
  tokenHeader: string?

  @description('Scope of the token of the managed identity, for `entra`.')
  tokenScope: string?

  @description('A second secret or token is live, as `…-secret-next` or `…-token-next` in the vault.')
  rotating: bool?

  @description('Further headers, a JSON object, are `…-headers` in the vault.')
  headers: bool?

  @description('Certificate and key to show the receiver, PEM, are `…-client-pem` in the vault.')
  clientCertificate: bool?

  @description('Index for `splunk-hec`; left out: that of the token.')
  splunkIndex: string?

  @description('Time of events for `splunk-hec`; left out: that of their arrival.')
  splunkTime: ('arrival' | 'updated')?

  @description('Namespace of the data streams for `elastic-bulk`.')
  elasticNamespace: string?

  @description('Categories to send, separated by commas; left out: all.')
  categories: string?

  @description('Lowest risk level to send; left out: all.')
  minLevel: ('low' | 'medium' | 'high')?

  @description('Types of identity to send, separated by commas; left out: all.')
  identityTypes: string?

  @description('Fields that the receiver does not get: FIELD:drop, FIELD:mask or FIELD:hash, separated by commas. The key of hashes is `…-redact-key` in the vault.')
  redact: string?

  @description('Host names that may be connected to, separated by commas; left out: that of the URL.')
  allowedHosts: string?

  @description('Allow private, loopback and link-local addresses.')
  allowPrivateAddresses: bool?

  @description('Certificate authority of the receiver, PEM.')
  caPem: string?

  @description('Proxy for the webhook. One with a password is a reference: @Microsoft.KeyVault(SecretUri=…).')
  proxyUrl: string?

  @description('Most events in one request.')
  @minValue(1)
  @maxValue(5000)
  maxEvents: int?

  @description('Largest body of one request, in bytes before compression.')
  @minValue(65536)
  @maxValue(10000000)
  maxBytes: int?
}

@export()
@description('A webhook destination besides the plain one.')
type namedWebhook = {
  @description('Lower-case letters and digits; in the names of its settings and of its secrets: for `soc`, WEBHOOK_SOC_URL and `webhook-soc-token`.')
  @minLength(1)
  @maxLength(31)
  name: string

  @description('Receiver.')
  url: string

  @description('How it behaves.')
  options: webhookOptions?
}

@export()
@description('A hub that the events are sent to; without a name there is none.')
type eventHubOutOptions = {
  name: string?

  @description('Host name of its namespace, for access by the app\'s identity.')
  namespaceHost: string?

  @description('Resource id of the hub, to let the app\'s identity send to it; left out: whoever owns the hub does that.')
  hubId: string?

  @description('The connection string of its namespace is `event-hub-out` in the vault; for a hub of another tenant.')
  connectionString: bool?

  @description('Body of its messages.')
  format: ('cef' | 'cloudevents' | 'json' | 'ocsf')?

  @description('Categories to send, separated by commas; left out: all.')
  categories: string?

  @description('Lowest risk level to send of what is at risk.')
  minLevel: ('low' | 'medium' | 'high')?

  @description('Types of identity to send, separated by commas; left out: all.')
  identityTypes: string?

  @description('Fields that readers do not get, separated by commas: `FIELD:drop`, `FIELD:mask` or `FIELD:hash`. The key of hashes is `event-hub-out-redact-key` in the vault.')
  redact: string?
}

@export()
@description('Times and rhythms; what is left out keeps the program\'s default.')
type tuning = {
  @description('How long ingest waits for one sink before the events are pending.')
  @minValue(100)
  @maxValue(10000)
  deliveryTimeoutMs: int?

  @description('How long one attempt to redeliver what is pending may take.')
  @minValue(1000)
  @maxValue(120000)
  redeliveryBudgetMs: int?

  @description('Longest wait between attempts to redeliver what is pending.')
  @minValue(1)
  @maxValue(3600)
  redeliveryMaxBackoffSeconds: int?

  @description('How long an event is pending before it becomes a dead letter.')
  @minValue(1)
  @maxValue(2160)
  deliveryMaxAgeHours: int?

  @description('When to look for pending deliveries that nobody holds (NCRONTAB, UTC).')
  sweepSchedule: string?

  @description('When to send a heartbeat (NCRONTAB, UTC); the alarm on silence expects one at least every 15 minutes.')
  heartbeatSchedule: string?
}

@export()
@description('The log of the archive: docs/evidence.md. What is not given keeps the default of the program.')
type evidenceOptions = {
  @description('Keep the log.')
  seal: bool?

  @description('When to add new archive blobs to it (NCRONTAB, UTC).')
  schedule: string?

  @description('How old an archive blob must be to be added.')
  @minValue(0)
  @maxValue(3600)
  settleSeconds: int?

  @description('RFC 3161 time stamp authority for its checkpoints.')
  timestampAuthorityUrl: string?
}

@export()
@description('What is read from Microsoft Graph: docs/graph.md. What is not given keeps the default of the program.')
type graphOptions = {
  @description('Compare the stream with Microsoft Graph, and send what it has not brought. Needs permissions that the deployment cannot grant.')
  reconcile: bool?

  @description('When to compare (NCRONTAB, UTC).')
  schedule: string?

  @description('How far back the comparison goes.')
  @minValue(1)
  @maxValue(168)
  hours: int?

  @description('How long a fact must be missing in the stream before it is sent.')
  @minValue(0)
  @maxValue(1440)
  graceMinutes: int?

  @description('Read the context of identities at risk. Needs permissions that the deployment cannot grant.')
  context: bool?

  @description('Maximum number of contexts in an hour.')
  @minValue(1)
  @maxValue(1500)
  contextsPerHour: int?

  @description('Also read risk of agent identities, whose API is in beta.')
  includeAgents: bool?

  @description('Microsoft Graph; another in national clouds.')
  endpoint: string?
}

@export()
@description('A key of the customer in a vault of the customer\'s. The identity needs Key Vault Crypto Service Encryption User on it before the deployment.')
type customerKey = {
  @description('URI of the vault, which must have purge protection.')
  vaultUri: string

  keyName: string

  @description('Id of a user-assigned identity that may use the key.')
  identityId: string
}

@export()
@description('Ids of private DNS zones that exist, by what they are for; one that is left out is not written to.')
type privateDnsZoneIds = {
  blob: string?
  queue: string?
  table: string?
  eventHub: string?
  keyVault: string?
  sites: string?

  @description('The zones of Azure Monitor: privatelink.monitor.azure.com, .oms.opinsights.azure.com, .ods.opinsights.azure.com, .agentsvc.azure-automation.net, and the one for blobs.')
  monitor: string[]?
}
