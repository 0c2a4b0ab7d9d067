import { ambientFunction } from './ambient.ts'
import type { Expression } from './ast.ts'
import { buildExpression, partsOf } from './build-expression.ts'
import type { Site } from './deployed.ts'
import { evaluate, pureScope, type Scope } from './evaluate.ts'
import { parseSyntax } from './language.ts'
import { runtimeValue } from './runtime-values.ts'
import {
  EvaluationError,
  flag,
  isArray,
  isObject,
  number,
  object,
  text,
  type Value,
  type ValueObject,
} from './value.ts'

/** The expressions of ARM templates are a subset of Bicep's: read as such. */
function armExpression(template: string): Expression {
  const root = parseSyntax('expression', `var it = ${template.slice(1, -1)}\n`)
  const value = partsOf(root).flatMap(partsOf).at(-1)
  if (value === undefined) throw new EvaluationError(`no expression: ${template}`)
  return buildExpression(value)
}

function resolved(value: Value, scope: Scope): Value {
  if (typeof value === 'string') {
    return /^\[(?!\[)[\s\S]*\]$/.test(value) ? evaluate(armExpression(value), scope) : value
  }
  if (isArray(value)) return value.map((item) => resolved(item, scope))
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolved(v, scope)]))
  return value
}

const scopeOf = (params: ValueObject, group: string, copyIndex: number | undefined): Scope => ({
  lookup: (name) => pureScope.lookup(name),
  call(name, args) {
    if (name === 'parameters') {
      const value = params[text(args[0])]
      if (value === undefined) throw new EvaluationError(`no parameter ${text(args[0])}`)
      return value
    }
    if (name === 'copyIndex' && copyIndex !== undefined) return copyIndex
    if (name === 'reference') {
      const [type = '', last = ''] =
        text(args[0])
          .split('/providers/')[1]
          ?.split(/\/(?=[^/]+$)/) ?? []
      const kinds = type.split('/').filter((_, i) => i !== 2 && i !== 4)
      return Object.fromEntries(
        ['keyUri'].map((property) => [property, runtimeValue(kinds.join('/'), last, property)]),
      )
    }
    return ambientFunction(name, args, group) ?? pureScope.call(name, args)
  },
})

/**
 * Deploys a module that is an ARM template: its resources go to the site; back come its outputs.
 */
export function deployTemplate(path: string, template: ValueObject, params: ValueObject, site: Site) {
  const declared = object(template.parameters ?? {})
  for (const name of Object.keys(params)) {
    if (declared[name] === undefined) throw new EvaluationError(`${path} has no parameter ${name}`)
  }
  const list = template.resources
  for (const [place, raw] of (isArray(list) ? list : []).entries()) {
    const { copy, ...resource } = object(raw)
    const counted = scopeOf(params, site.group, undefined)
    const rounds = isObject(copy) ? number(resolved(copy.count, counted)) : undefined
    for (let round = 0; round < (rounds ?? 1); round++) {
      const scope = scopeOf(params, site.group, rounds === undefined ? undefined : round)
      if (resource.condition !== undefined && !flag(resolved(resource.condition, scope))) continue
      const {
        condition: _,
        type,
        apiVersion,
        name,
        scope: on,
        dependsOn: __,
        ...body
      } = object(resolved(resource, scope))
      const names = text(name).split('/')
      const scopeId = on === undefined ? undefined : text(on)
      const base = text(scope.call('resourceId', [type, ...names]))
      site.found.push({
        file: path,
        symbol: String(place),
        type: text(type),
        apiVersion: text(apiVersion),
        name: names.at(-1) ?? '',
        id: scopeId === undefined ? base : `${scopeId}/providers/${text(type)}/${text(name)}`,
        scopeId,
        group: site.group,
        body,
      })
    }
  }
  const outputs = object(template.outputs ?? {})
  return (name: string): Value => {
    const output = outputs[name]
    if (!isObject(output)) throw new EvaluationError(`${path} has no output ${name}`)
    return resolved(output.value, scopeOf(params, site.group, undefined))
  }
}
