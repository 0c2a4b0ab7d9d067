import { runtimeText } from './runtime-text.ts'
import { isArray, isObject, type Value, type ValueObject } from './value.ts'

/** A resource as the deployment would ask Azure for it. */
export interface Deployed {
  readonly type: string
  readonly apiVersion: string
  readonly name: string
  readonly id: string
  /** Id of what it extends: where a role assignment or a diagnostic setting applies. */
  readonly scopeId: string | undefined
  readonly group: string
  readonly body: ValueObject
}

/** What a deployment would ask for. */
export interface Deployment {
  readonly resources: readonly Deployed[]
  readonly outputs: ValueObject
}

/** Secure parameters by name: the compiler writes none of their values into a snapshot. */
type Secrets = Readonly<Record<string, string>>

const isExpression = (text: string): boolean => /^\[(?!\[)[\s\S]*\]$/.test(text)

function finished(value: Value, secrets: Secrets): Value {
  if (typeof value === 'string') return isExpression(value) ? runtimeText(value, secrets) : value
  if (isArray(value)) return value.map((item) => finished(item, secrets))
  if (!isObject(value)) return value
  return Object.fromEntries(
    // A template within the template is text: its expressions are for another deployment.
    Object.entries(value).map(([key, it]) => [key, key === 'mainTemplate' ? it : finished(it, secrets)]),
  )
}

const textOf = (value: Value): string => (typeof value === 'string' ? value : '')

/** Id and, of an extension, the id of what it extends. */
function placeOf(id: string, type: string, name: string): { id: string; scopeId: string | undefined } {
  const [, subscription, group] = /^\[resourceId\('([^']*)', '([^']*)'/.exec(id) ?? []
  if (subscription !== undefined) {
    const args = [subscription, group, type, ...name.split('/')].map((part) => `'${part}'`).join(', ')
    return { id: runtimeText(`[resourceId(${args})]`, {}), scopeId: undefined }
  }
  const extended = /^\[extensionResourceId\('([^']*)'/.exec(id)?.[1]
  if (extended !== undefined) return { id: `${extended}/providers/${type}/${name}`, scopeId: extended }
  const parts = id.split('/providers/')
  return { id, scopeId: parts.length > 2 ? parts.slice(0, -1).join('/providers/') : undefined }
}

/** The only condition on the cloud, as the compiler leaves it for Azure to decide. */
const IN_PUBLIC_CLOUD = "[and(true(), equals(environment().name, 'AzureCloud'))]"

/** The only condition that waits for a value: whether a secure parameter is given. */
function isDeployed(condition: Value, secrets: Secrets): boolean {
  if (condition === undefined || condition === IN_PUBLIC_CLOUD) return true
  const parameter = /^\[not\(empty\(parameters\('(\w+)'\)\)\)\]$/.exec(textOf(condition))?.[1]
  if (parameter === undefined) throw new Error(`unknown condition ${JSON.stringify(condition)}`)
  return (secrets[parameter] ?? '') !== ''
}

/** Reads what `bicep snapshot` wrote: with the values that Azure and the deployer would add. */
export function parseSnapshot(text: string, secrets: Secrets): Deployment {
  const snapshot: { predictedResources: ValueObject[]; outputs: ValueObject; diagnostics: unknown[] } =
    JSON.parse(text)
  if (snapshot.diagnostics.length > 0) throw new Error(JSON.stringify(snapshot.diagnostics))
  const resources = snapshot.predictedResources
    .filter(({ condition }) => isDeployed(condition, secrets))
    .map(({ id: rawId, type: rawType, name: rawName, apiVersion, ...rest }) => {
      const type = textOf(rawType)
      const fullName = textOf(finished(rawName, secrets))
      const place = placeOf(textOf(rawId), type, fullName)
      return {
        ...place,
        type,
        apiVersion: textOf(apiVersion),
        name: fullName.split('/').at(-1) ?? '',
        group: /\/resourceGroups\/([^/]+)/.exec(place.id)?.[1] ?? '',
        body: finished({ ...rest, condition: undefined }, secrets) as ValueObject,
      }
    })
  return { resources, outputs: finished(snapshot.outputs, secrets) as ValueObject }
}
