import type { JsonObject } from './template-parts.ts'

/** An action of a workflow, or a branch with actions of its own. */
export type Action = JsonObject
export type Actions = Readonly<Record<string, Action>>

const GRAPH = 'https://graph.microsoft.com'
const RESOURCE_MANAGER = 'https://management.azure.com'
const LOGS = 'https://api.loganalytics.azure.com'

type Outcome = 'Succeeded' | 'Failed' | 'Skipped' | 'TimedOut'
export type RunAfter = Readonly<Record<string, readonly Outcome[]>>

export const after = (...actions: readonly string[]): RunAfter =>
  Object.fromEntries(actions.map((action) => [action, ['Succeeded']]))
export const afterFailureOf = (action: string): RunAfter => ({ [action]: ['Failed', 'TimedOut'] })
/** Whether it worked or not, such as a read of what need not exist. */
export const whatever = (...actions: readonly string[]): RunAfter =>
  Object.fromEntries(actions.map((action) => [action, ['Succeeded', 'Failed', 'Skipped', 'TimedOut']]))

/** A request as the playbook's own identity. */
const request = (
  audience: string,
  method: string,
  path: string,
  runAfter: RunAfter,
  more: JsonObject = {},
): Action => ({
  type: 'Http',
  inputs: {
    method,
    uri: `${audience}${path}`,
    authentication: { type: 'ManagedServiceIdentity', audience },
    ...more,
  },
  runAfter,
})

export const graph = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  runAfter: RunAfter,
  more: JsonObject = {},
): Action => request(GRAPH, method, `/v1.0/${path}`, runAfter, more)

/** A query over the workspace; the answer has tables of rows. */
export const query = (kql: string, runAfter: RunAfter): Action =>
  request(LOGS, 'POST', "/v1/workspaces/@{parameters('WorkspaceId')}/query", runAfter, {
    body: { query: kql },
  })

/** What an action that failed said. */
export const why = (action: string): string => `@{body('${action}')?['error']?['message']}`

/** A comment of the incident: what the playbook did, or why not. */
export const comment = (message: string, runAfter: RunAfter): Action =>
  request(
    RESOURCE_MANAGER,
    'PUT',
    "@{outputs('Incident_id')}/comments/@{guid()}?api-version=2025-06-01",
    runAfter,
    { body: { properties: { message } } },
  )

export const compose = (inputs: string, runAfter: RunAfter): Action => ({ type: 'Compose', inputs, runAfter })
export const select = (from: string, chosen: string | JsonObject, runAfter: RunAfter): Action => ({
  type: 'Select',
  inputs: { from, select: chosen },
  runAfter,
})
export const filter = (from: string, where: string, runAfter: RunAfter): Action => ({
  type: 'Query',
  inputs: { from, where },
  runAfter,
})
/** One after the other: Microsoft Graph takes one request a second for the risk of identities. */
export const each = (of: string, actions: Actions, runAfter: RunAfter): Action => ({
  type: 'Foreach',
  foreach: of,
  actions,
  runAfter,
  runtimeConfiguration: { concurrency: { repetitions: 1 } },
})
export const either = (
  condition: JsonObject,
  actions: Actions,
  otherwise: Actions,
  runAfter: RunAfter,
): Action => ({ type: 'If', expression: condition, actions, else: { actions: otherwise }, runAfter })

/** The identity in turn, within the loop of every playbook. */
export const IDENTITY = "@{items('Each_identity')}"

const EXCEPTIONS = `_GetWatchlist('EntraWorkloadExceptions')
| where isempty(Rule) and (isempty(ExpiresOn) or todatetime(ExpiresOn) > now())
| where tolower(IdentityId) in (dynamic(@{string(body('Identities'))}))
| project IdentityId = tolower(IdentityId)`

/** Does something for each identity, unless the watchlist of exceptions names it. Nothing is done where that cannot be read. */
const guarded = (actions: Actions): Actions => ({
  Exceptions: query(EXCEPTIONS, after('Identities')),
  Exceptions_unknown: comment(
    'The watchlist EntraWorkloadExceptions could not be read, so the playbook did nothing.',
    afterFailureOf('Exceptions'),
  ),
  Each_identity: each(
    "@body('Identities')",
    {
      Excepted: either(
        { and: [{ contains: ["@string(body('Exceptions')?['tables'])", "@items('Each_identity')"] }] },
        {
          Passed_over: comment(
            `${IDENTITY} is in the watchlist EntraWorkloadExceptions: the playbook did nothing to it.`,
            {},
          ),
        },
        actions,
        {},
      ),
    },
    after('Exceptions'),
  ),
})

/** An id goes into addresses and queries: nothing that could end there what it stands in. */
const IS_ID =
  "@and(equals(length(item()), 36), equals(encodeURIComponent(item()), item()), not(contains(item(), '''')))"

const CONNECTION = { connection: { name: "@parameters('$connections')['azuresentinel']['connectionId']" } }

const inTrigger = (property: string): string => `@{encodeURIComponent(triggerBody()?['${property}'])}`

/** The incident that an alert belongs to, by the connector of Microsoft Sentinel. */
const incidentOfAlert: Action = {
  type: 'ApiConnection',
  inputs: {
    host: CONNECTION,
    method: 'get',
    path: `/Incidents/subscriptions/${inTrigger('WorkspaceSubscriptionId')}/resourceGroups/${inTrigger('WorkspaceResourceGroup')}/workspaces/${inTrigger('WorkspaceId')}/alerts/${inTrigger('SystemAlertId')}`,
  },
  runAfter: {},
}

/** Ids in the custom detail ServicePrincipalId, which every rule of the solution has. Accounts can be people, so they are not taken. */
const idsIn = (customDetails: string): string =>
  `join(coalesce(json(coalesce(${customDetails}, '{}'))?['ServicePrincipalId'], createArray()), ',')`

const identitiesIn = (ids: string, runAfter: RunAfter): Actions => ({
  Named: compose(`@split(toLower(${ids}), ',')`, runAfter),
  Identities: filter("@union(outputs('Named'), outputs('Named'))", IS_ID, after('Named')),
})

/** How a playbook starts: where its incident and the title of that are, and its identities. */
const STARTS = {
  incident: {
    path: '/incident-creation',
    actions: {
      Incident_id: compose("@triggerBody()?['object']?['id']", {}),
      Title: compose("@triggerBody()?['object']?['properties']?['title']", after('Incident_id')),
      Of_alerts: select(
        "@coalesce(triggerBody()?['object']?['properties']?['Alerts'], createArray())",
        `@${idsIn("item()?['properties']?['additionalData']?['Custom Details']")}`,
        after('Title'),
      ),
      ...identitiesIn("join(body('Of_alerts'), ',')", after('Of_alerts')),
    },
  },
  alert: {
    path: '/subscribe',
    actions: {
      Incident: incidentOfAlert,
      Incident_id: compose("@coalesce(body('Incident')?['id'], '')", whatever('Incident')),
      Title: compose("@triggerBody()?['AlertDisplayName']", after('Incident_id')),
      ...identitiesIn(idsIn("triggerBody()?['ExtendedProperties']?['Custom Details']"), after('Title')),
    },
  },
  /** The account that a person has chosen. Of a person, Microsoft Graph knows no service principal. */
  entity: {
    path: "/entity/@{encodeURIComponent('Account')}",
    actions: {
      Incident_id: compose("@triggerBody()?['IncidentArmID']", {}),
      Identities: filter(
        "@createArray(toLower(coalesce(triggerBody()?['Entity']?['properties']?['AadUserId'], '')))",
        IS_ID,
        after('Incident_id'),
      ),
    },
  },
} as const

/** A workflow that starts with an incident, an entity of one or an alert, and goes through the identities. */
export const definition = (
  actions: Actions,
  {
    start = 'incident',
    unguarded = false,
    parameters = {},
  }: {
    readonly start?: keyof typeof STARTS
    readonly unguarded?: boolean
    readonly parameters?: JsonObject
  } = {},
): JsonObject => ({
  $schema:
    'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
  contentVersion: '1.0.0.0',
  parameters: {
    $connections: { type: 'Object', defaultValue: {} },
    WorkspaceId: { type: 'String' },
    ...parameters,
  },
  triggers: {
    [`Microsoft_Sentinel_${start}`]: {
      type: 'ApiConnectionWebhook',
      inputs: {
        body: { callback_url: '@{listCallbackUrl()}' },
        host: CONNECTION,
        path: STARTS[start].path,
      },
    },
  },
  actions: {
    ...STARTS[start].actions,
    ...(unguarded
      ? { Each_identity: each("@body('Identities')", actions, after('Identities')) }
      : guarded(actions)),
  },
  outputs: {},
})
