import { isJsonObject, type Json, type JsonObject } from '../encoding/json.ts'
import type { GraphClient } from './graph-client.ts'
import type { GraphFault } from './graph-fault.ts'

/** Whether the tenant's diagnostic settings stream workload risk to this hub. */
export type DiagnosticSetting =
  | { readonly state: 'streaming' }
  /** One streams to this hub, without these categories. */
  | { readonly state: 'incomplete'; readonly missing: readonly string[] }
  /** None streams to this hub. */
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly fault: GraphFault }

export interface StreamedHub {
  /** Host name of the Event Hubs namespace. */
  readonly namespace: string
  readonly hub: string
  /** Categories that must be enabled. */
  readonly categories: readonly string[]
}

/** https://learn.microsoft.com/rest/api/monitor/diagnostic-settings (Entra's own resource type) */
const PATH = 'providers/microsoft.aadiam/diagnosticSettings?api-version=2017-04-01'

const textIn = (object: JsonObject, name: string): string => {
  const value = object[name]
  return typeof value === 'string' ? value.toLowerCase() : ''
}

const objectsIn = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : []

/** Categories, in lower case, that a diagnostic setting sends to the hub. */
function sentTo({ namespace, hub }: StreamedHub, setting: JsonObject): readonly string[] {
  const { properties } = setting
  if (!isJsonObject(properties)) return []
  const name = namespace.split('.', 1)[0]?.toLowerCase()
  const isOurs =
    textIn(properties, 'eventHubAuthorizationRuleId').includes(`/namespaces/${name}/`) &&
    textIn(properties, 'eventHubName') === hub.toLowerCase()
  if (!isOurs) return []
  return objectsIn(properties['logs'])
    .filter((log) => log['enabled'] === true)
    .map((log) => textIn(log, 'category'))
}

/**
 * Reads the tenant's diagnostic settings. Needs a role such as Monitoring Reader at the scope
 * `/providers/microsoft.aadiam`. Never rejects.
 * @param client of Azure Resource Manager
 */
export async function readDiagnosticSetting(
  client: GraphClient,
  streamed: StreamedHub,
  signal: AbortSignal,
): Promise<DiagnosticSetting> {
  const answer = await client.request({ path: PATH }, signal)
  if (!answer.ok) return { state: 'unknown', fault: answer.fault }
  const settings = isJsonObject(answer.body) ? answer.body['value'] : undefined
  if (!Array.isArray(settings))
    return { state: 'unknown', fault: { kind: 'unavailable', code: 'noCollection' } }
  const sent = new Set(objectsIn(settings).flatMap((setting) => sentTo(streamed, setting)))
  if (sent.size === 0) return { state: 'gone' }
  const missing = streamed.categories.filter((category) => !sent.has(category.toLowerCase()))
  return missing.length === 0 ? { state: 'streaming' } : { state: 'incomplete', missing }
}

/** What an operator should know; `undefined`: nothing, or it cannot be told. */
export function settingProblem(setting: DiagnosticSetting | undefined): string | undefined {
  switch (setting?.state) {
    case undefined:
    case 'streaming':
    case 'unknown':
      return undefined
    case 'gone':
      return 'No diagnostic setting of Entra streams to this hub: nothing new arrives. Create it again (infra/tenant/diagnostic-setting.sh).'
    case 'incomplete':
      return `The diagnostic setting of Entra does not stream ${setting.missing.join(', ')}. Enable them (infra/tenant/diagnostic-setting.sh).`
  }
}
