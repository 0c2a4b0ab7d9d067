import {
  type Argument,
  type Callable,
  type Compiler,
  type Meaning,
  NO_SHAPE,
  type Scalar,
  type Scope,
  type Table,
} from './model.ts'
import { nameIn, operandsOf } from './names.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { commonType, typeOf } from './values.ts'

interface Parameter {
  readonly name: string
  /** `undefined` for a table. */
  readonly type: Scalar['type'] | undefined
  readonly otherwise: KqlNode | undefined
}

const parameterOf = (node: KqlNode): Parameter => {
  const [declaration, otherwise] = node.children
  const [name, type] = declaration?.children ?? []
  return {
    name: nameIn(name),
    type: type?.kind === 'SchemaTypeExpression' ? undefined : typeOf(type?.text.trim() ?? ''),
    otherwise: otherwise === undefined ? undefined : operandsOf(otherwise)[0],
  }
}

const isFor = (parameter: Parameter, meaning: Meaning): boolean =>
  meaning.is === 'scalar'
    ? parameter.type !== undefined && commonType(meaning.type, parameter.type) !== undefined
    : meaning.is === 'table' && parameter.type === undefined

/** A function that a query declares, or that the workspace has. What takes no argument is compiled once. */
export const declaredFunction = (node: KqlNode, scope: Scope, compiler: Compiler): Callable => {
  const [declared, body] = operandsOf(node)
  const parameters = operandsOf(declared as KqlNode).map(parameterOf)
  const outer: Scope = { ...scope, shape: NO_SHAPE, slotFor: undefined }

  const argumentFor = (
    parameter: Parameter,
    i: number,
    given: readonly Argument[],
    at: KqlNode,
  ): Scalar | Table => {
    const found = given.find(({ name }) => name === parameter.name) ?? given[i]
    const isNamedOtherwise = found?.name !== undefined && found.name !== parameter.name
    const byDefault = () =>
      parameter.otherwise === undefined ? undefined : compiler.scalar(parameter.otherwise, outer)
    const meaning = found === undefined || isNamedOtherwise ? byDefault() : found.meaning
    if (meaning === undefined || !isFor(parameter, meaning))
      throw new NotCovered(`${parameter.name} as given`, at)
    return meaning
  }

  let withoutArguments: Meaning | undefined
  return {
    is: 'function',
    call: (given, at) => {
      if (given.length > parameters.length) throw new NotCovered('more arguments than parameters', at)
      if (given.length === 0 && withoutArguments !== undefined) return withoutArguments
      const bound = new Map(parameters.map((p, i) => [p.name, argumentFor(p, i, given, at)]))
      const meaning = compiler.block(operandsOf(body as KqlNode), {
        ...outer,
        names: (name) => bound.get(name) ?? outer.names(name),
      })
      if (given.length === 0) withoutArguments = meaning
      return meaning
    },
  }
}
