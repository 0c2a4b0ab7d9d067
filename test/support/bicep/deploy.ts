import { load } from 'js-yaml'
import { ambientFunction } from './ambient.ts'
import type { BicepFile } from './ast.ts'
import {
  deployResource,
  type Instance,
  instancesOf,
  propertyOf,
  resourceReference,
} from './deploy-resource.ts'
import { deployTemplate } from './deploy-template.ts'
import type { Deployed, Site } from './deployed.ts'
import { evaluate, pureScope, type Scope } from './evaluate.ts'
import { beside, bicepFile, type Sources } from './sources.ts'
import { EvaluationError, object, Reference, text, type Value, type ValueObject } from './value.ts'

/** What a deployment would ask for, with these parameters. */
export interface Deployment {
  readonly resources: readonly Deployed[]
  output(name: string): Value
}

type Outputs = (name: string) => Value

const TYPES: Readonly<Record<string, (value: Value) => boolean>> = {
  string: (v) => typeof v === 'string',
  int: (v) => typeof v === 'number',
  bool: (v) => typeof v === 'boolean',
  array: (v) => Array.isArray(v),
}

const LOADERS: Readonly<Record<string, (content: string) => Value>> = {
  loadJsonContent: (content) => JSON.parse(content),
  loadTextContent: (content) => content,
  loadYamlContent: (content) => JSON.parse(JSON.stringify(load(content))),
}

const memo = <T>(make: () => T): (() => T) => {
  let kept: { readonly value: T } | undefined
  return () => {
    kept ??= { value: make() }
    return kept.value
  }
}

function parametersOf(file: BicepFile, given: ValueObject, scope: Scope): Map<string, () => Value> {
  for (const name of Object.keys(given)) {
    if (!file.parameters.some((p) => p.name === name)) {
      throw new EvaluationError(`${file.path} has no parameter ${name}`)
    }
  }
  return new Map(
    file.parameters.map((parameter) => {
      const { name, type, fallback } = parameter
      if (given[name] === undefined && fallback === undefined) {
        throw new EvaluationError(`${file.path}: parameter ${name} is missing`)
      }
      const value = memo(() => {
        const it = given[name] ?? (fallback === undefined ? undefined : evaluate(fallback, scope))
        if (TYPES[type]?.(it) === false) throw new EvaluationError(`${file.path}: ${name} is no ${type}`)
        return it
      })
      return [name, value]
    }),
  )
}

function groupOf(instance: Instance, site: Site): string {
  const scope = propertyOf(instance, 'scope')
  return scope instanceof Reference ? text(scope.member('name')) : site.group
}

/** Deploys a file into a site; gives back its outputs. */
function deployFile(sources: Sources, path: string, given: ValueObject, site: Site): Outputs {
  const file = bicepFile(sources, path)
  const names = new Map<string, () => Value>()
  const scope: Scope = {
    lookup(name) {
      const known = names.get(name)
      if (known === undefined) throw new EvaluationError(`${path}: unknown name ${name}`)
      return known()
    },
    call(name, args) {
      const read = LOADERS[name]
      if (read !== undefined) return read(sources.text(beside(path, text(args[0]))))
      return ambientFunction(name, args, site.group) ?? pureScope.call(name, args)
    },
  }
  const parameters = parametersOf(file, given, scope)
  for (const [name, value] of parameters) names.set(name, value)
  for (const { name, value } of file.variables)
    names.set(
      name,
      memo(() => evaluate(value, scope)),
    )

  const declared = file.resources.map((resource) => {
    const instances = memo(() => instancesOf(resource.body, scope))
    const references = () => instances().map((i) => resourceReference(resource, i, site.group))
    names.set(
      resource.name,
      memo(() => (resource.body.kind === 'for' ? references() : references()[0])),
    )
    return { resource, instances }
  })
  const modules = file.modules.map((module) => {
    const run = memo(() =>
      instancesOf(module.body, scope).map((instance) => {
        if (!instance.active) return undefined
        const target = beside(path, module.path)
        const params = object(propertyOf(instance, 'params') ?? {})
        const there: Site = { group: groupOf(instance, site), found: site.found }
        return target.endsWith('.json')
          ? deployTemplate(target, object(JSON.parse(sources.text(target))), params, there)
          : deployFile(sources, target, params, there)
      }),
    )
    const reference = new Reference(`module ${module.name}`, (member) => {
      if (member !== 'outputs') throw new EvaluationError(`module ${module.name} has no ${member}`)
      return new Reference(`outputs of ${module.name}`, (name) => {
        const outputs = run()[0]
        if (outputs === undefined) throw new EvaluationError(`module ${module.name} is not deployed here`)
        return outputs(name)
      })
    })
    names.set(module.name, () => reference)
    return { module, run }
  })

  for (const value of parameters.values()) value()
  for (const { resource, instances } of declared) {
    if (resource.existing) continue
    for (const instance of instances()) if (instance.active) deployResource(path, resource, instance, site)
  }
  for (const { run } of modules) run()
  const outputs = new Map(file.outputs.map(({ name, value }) => [name, memo(() => evaluate(value, scope))]))
  return (name) => {
    const output = outputs.get(name)
    if (output === undefined) throw new EvaluationError(`${path} has no output ${name}`)
    return output()
  }
}

/**
 * Works out what a template would deploy, module by module, without Azure. Throws EvaluationError
 * where it makes no sense.
 */
export function deploy(sources: Sources, path: string, params: ValueObject): Deployment {
  const site: Site = { group: '', found: [] }
  const output = deployFile(sources, path, params, site)
  for (const { name } of bicepFile(sources, path).outputs) output(name)
  return { resources: site.found, output }
}
