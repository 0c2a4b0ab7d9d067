import type { Expression, Resource } from './ast.ts'
import type { Deployed, Site } from './deployed.ts'
import { evaluate, roundsOf, type Scope } from './evaluate.ts'
import { resourceIdIn } from './functions.ts'
import { leadsToRuntimeValue, runtimeValue } from './runtime-values.ts'
import { EvaluationError, flag, isObject, object, Reference, text, type Value } from './value.ts'

/** One round of a declaration: the object it declares, and whether its condition holds. */
export interface Instance {
  readonly active: boolean
  readonly scope: Scope
  readonly object: Expression & { readonly kind: 'object' }
}

export function instancesOf(body: Expression, scope: Scope): readonly Instance[] {
  switch (body.kind) {
    case 'for':
      return roundsOf(body, scope).flatMap((round) => instancesOf(body.body, round))
    case 'if': {
      const active = flag(evaluate(body.condition, scope))
      return instancesOf(body.body, scope).map((i) => ({ ...i, active: active && i.active }))
    }
    case 'object':
      return [{ active: true, scope, object: body }]
    default:
      throw new EvaluationError(`a declaration of ${body.kind}`)
  }
}

/** A property of a declared object by name, evaluated when asked for. */
export function propertyOf({ object: declared, scope }: Instance, name: string): Value {
  const found = declared.properties.find(({ key }) => key.kind === 'string' && key.parts[0] === name)
  return found === undefined ? undefined : evaluate(found.value, scope)
}

const idOf = (value: Value): string | undefined =>
  value instanceof Reference ? text(value.member('id')) : undefined

function resourceIdOf(resource: Resource, instance: Instance, group: string): string {
  const name = text(propertyOf(instance, 'name'))
  if (resource.type === 'Microsoft.Resources/resourceGroups')
    return resourceIdIn(name)('/', '').split('/providers')[0] ?? ''
  const parent = idOf(propertyOf(instance, 'parent'))
  if (parent !== undefined) return `${parent}/${resource.type.split('/').at(-1)}/${name}`
  const scope = idOf(propertyOf(instance, 'scope'))
  return scope === undefined
    ? resourceIdIn(group)(resource.type, ...name.split('/'))
    : `${scope}/providers/${resource.type}/${name}`
}

/** `properties` of a resource: what the template says, then what Azure adds. */
function runtimeProperties(resource: Resource, instance: Instance, declared: Value, path: string): Value {
  const what = `${resource.name}.properties${path === '' ? '' : `.${path}`}`
  return new Reference(what, (name) => {
    const inner = isObject(declared) ? declared[name] : undefined
    if (inner !== undefined && !isObject(inner)) return inner
    const full = path === '' ? name : `${path}.${name}`
    const given = runtimeValue(resource.type, text(propertyOf(instance, 'name')), full)
    if (given !== undefined) return given
    if (inner === undefined && !leadsToRuntimeValue(resource.type, full)) {
      throw new EvaluationError(`${what} has no ${name}`)
    }
    return runtimeProperties(resource, instance, inner, full)
  })
}

/** A resource as other expressions see it. */
export const resourceReference = (resource: Resource, instance: Instance, group: string): Reference =>
  new Reference(`resource ${resource.name}`, (name) => {
    switch (name) {
      case 'id':
        return resourceIdOf(resource, instance, group)
      case 'name':
        return propertyOf(instance, 'name')
      case 'properties':
        if (!instance.active) throw new EvaluationError(`${resource.name} is not deployed here`)
        return runtimeProperties(resource, instance, propertyOf(instance, 'properties'), '')
      default:
        throw new EvaluationError(`resource ${resource.name} has no ${name}`)
    }
  })

const APART = new Set(['name', 'parent', 'scope', 'dependsOn'])

/** Adds what a declaration deploys to the site. */
export function deployResource(file: string, resource: Resource, instance: Instance, site: Site): void {
  const all = object(evaluate(instance.object, instance.scope))
  const deployed: Deployed = {
    file,
    symbol: resource.name,
    type: resource.type,
    apiVersion: resource.apiVersion,
    name: text(all.name),
    id: resourceIdOf(resource, instance, site.group),
    scopeId: idOf(propertyOf(instance, 'scope')),
    group: site.group,
    body: Object.fromEntries(Object.entries(all).filter(([key]) => !APART.has(key))),
  }
  site.found.push(deployed)
}
