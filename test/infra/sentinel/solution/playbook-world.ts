import { PLAYBOOKS, type Playbook } from '../../../../infra/sentinel/solution/playbook-actions.ts'
import type { EmulatedGraph } from '../../../../local/emulators/graph/graph.ts'
import type { JsonObject } from '../../../../shared/encoding/json.ts'
import { APP, call } from '../../../local/emulators/graph/graph-under-test.ts'
import type { Value } from '../../../support/workflow/expression.ts'
import {
  type Answer,
  type SentRequest,
  type Workflow,
  WorkflowRun,
} from '../../../support/workflow/run-workflow.ts'

export const INCIDENT =
  '/subscriptions/s/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-soc/providers/Microsoft.SecurityInsights/Incidents/1'
const CONNECTION = "@parameters('$connections')['azuresentinel']['connectionId']"
const WORKSPACE = '3d3d3d3d-0000-4000-8000-00000000aaaa'

/** An incident as Microsoft Sentinel hands it to a playbook; custom details are a JSON text. */
export const incident = (...alerts: readonly Readonly<Record<string, readonly string[]>>[]): Value => ({
  object: {
    id: INCIDENT,
    properties: {
      title: 'High risk on build-pipeline: leakedCredentials',
      relatedEntities: [
        { kind: 'Account', properties: { aadUserId: 'f1a7c09d-3e58-4b64-82dc-7905be6a41f0' } },
      ],
      Alerts: alerts.map((details) => ({
        properties: {
          additionalData:
            Object.keys(details).length === 0 ? {} : { 'Custom Details': JSON.stringify(details) },
        },
      })),
    },
  },
})

/** An alert as Microsoft Sentinel hands it to a playbook; custom details are a JSON text. */
export const alert = (details: Readonly<Record<string, readonly string[]>>, alertId = 'alert-1'): Value => ({
  AlertDisplayName: 'High risk on build-pipeline: leakedCredentials',
  SystemAlertId: alertId,
  WorkspaceSubscriptionId: 's',
  WorkspaceResourceGroup: 'rg-soc',
  WorkspaceId: WORKSPACE,
  ExtendedProperties: { 'Custom Details': JSON.stringify(details) },
})

/** An account of an incident that a person has chosen, as Microsoft Sentinel hands it over. */
export const chosen = (objectId: string): Value => ({
  IncidentArmID: INCIDENT,
  Entity: { kind: 'Account', properties: { AadUserId: objectId } },
})

/** Rows of the answer to a query of a playbook, or a failure of it. */
export type Logs = (query: string) => readonly (readonly Value[])[] | undefined

export interface PlaybookRun {
  readonly workflow: WorkflowRun
  /** Requests to Microsoft Graph, as sent. */
  readonly graph: readonly SentRequest[]
  readonly mails: readonly SentRequest[]
  readonly queries: readonly string[]
  /** Comments of the incident. */
  readonly comments: readonly string[]
}

export const playbookCalled = (name: string): Playbook => {
  const found = PLAYBOOKS.find((playbook) => playbook.name === name || playbook.name.startsWith(`${name}-`))
  if (found === undefined) throw new Error(`no playbook ${name}`)
  return found
}

/**
 * Runs a playbook against the emulator of Microsoft Graph, with the permissions that it declares or
 * those that are given.
 */
export async function runPlaybook(
  playbook: Playbook,
  graph: EmulatedGraph,
  trigger: Value,
  {
    logs = () => [],
    permissions = playbook.permissions,
  }: { readonly logs?: Logs; readonly permissions?: readonly string[] } = {},
): Promise<PlaybookRun> {
  const [sent, mails, queries, comments]: [SentRequest[], SentRequest[], string[], string[]] = [
    [],
    [],
    [],
    [],
  ]
  graph.permit(APP, permissions)
  const answers: Readonly<Record<string, (request: SentRequest, url: URL) => Promise<Answer>>> = {
    'https://graph.microsoft.com': async (request, url) => {
      if (url.pathname.endsWith('/sendMail')) {
        mails.push(request)
        return permissions.includes('Mail.Send')
          ? { status: 202, body: null }
          : { status: 403, body: { error: { code: 'ErrorAccessDenied', message: 'Access is denied.' } } }
      }
      sent.push(request)
      const body = request.body === null ? {} : { body: request.body as JsonObject }
      const answer = await call(graph, `${graph.url}${url.pathname}${url.search}`, {
        method: request.method,
        token: 'app',
        ...body,
      })
      return { status: answer.status, body: answer.json as Value }
    },
    'https://api.loganalytics.azure.com': async ({ body }, url) => {
      if (url.pathname !== `/v1/workspaces/${WORKSPACE}/query`) throw new Error(`no ${url.pathname}`)
      const { query } = body as { readonly query: string }
      queries.push(query)
      const rows = logs(query)
      return rows === undefined
        ? { status: 500, body: { error: { message: 'no answer' } } }
        : { status: 200, body: { tables: [{ name: 'PrimaryResult', rows }] } }
    },
    'https://management.azure.com': async ({ method, body }, url) => {
      if (url.pathname.startsWith('/comments/')) return { status: 404, body: null }
      if (method !== 'PUT' || !url.pathname.startsWith(`${INCIDENT}/comments/`)) throw new Error(url.pathname)
      comments.push((body as { readonly properties: { readonly message: string } }).properties.message)
      return { status: 201, body: {} }
    },
  }
  const connector = ({ method, uri }: SentRequest): Answer => {
    const alerts = `connector:/Incidents/subscriptions/s/resourceGroups/rg-soc/workspaces/${WORKSPACE}/alerts/`
    if (method !== 'GET' || !uri.startsWith(alerts)) throw new Error(`no ${method} ${uri}`)
    return uri === `${alerts}alert-1` ? { status: 200, body: { id: INCIDENT } } : { status: 404, body: {} }
  }
  const settings = Object.fromEntries(
    Object.keys(playbook.settings ?? {}).map((name) => [name, 'soc@halden.example']),
  )
  const workflow = new WorkflowRun(
    (request) => {
      if (request.audience === CONNECTION) return Promise.resolve(connector(request))
      const url = new URL(request.uri)
      const answer = answers[request.audience]
      if (answer === undefined || url.origin !== request.audience)
        throw new Error(`a token for ${request.audience} is sent to ${url.origin}`)
      return answer(request, url)
    },
    { parameters: { WorkspaceId: WORKSPACE, ...settings }, trigger },
  )
  await workflow.run(playbook.definition as unknown as Workflow)
  return { workflow, graph: sent, mails, queries, comments }
}
