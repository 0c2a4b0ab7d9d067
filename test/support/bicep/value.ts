/** What an expression comes to. `undefined` is a property that is not there. */
export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Value[]
  | ValueObject
  | Callable
  | Reference

export interface ValueObject {
  readonly [key: string]: Value
}

/** A lambda. */
export class Callable {
  readonly call: (...args: readonly Value[]) => Value

  constructor(call: (...args: readonly Value[]) => Value) {
    this.call = call
  }
}

/** Something whose members are only known by asking: a resource, a module. */
export class Reference {
  readonly what: string
  readonly member: (name: string) => Value

  constructor(what: string, member: (name: string) => Value) {
    this.what = what
    this.member = member
  }
}

/** Thrown for an expression that means nothing: an unknown name, a missing member, a wrong type. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError'
}

export const isObject = (value: Value): value is ValueObject =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Callable) &&
  !(value instanceof Reference)

export const isArray = (value: Value): value is readonly Value[] => Array.isArray(value)

export function text(value: Value): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new EvaluationError(`expected text, got ${describe(value)}`)
}

export function list(value: Value): readonly Value[] {
  if (isArray(value)) return value
  throw new EvaluationError(`expected an array, got ${describe(value)}`)
}

export function object(value: Value): ValueObject {
  if (isObject(value)) return value
  throw new EvaluationError(`expected an object, got ${describe(value)}`)
}

export function number(value: Value): number {
  if (typeof value === 'number') return value
  throw new EvaluationError(`expected a number, got ${describe(value)}`)
}

export function flag(value: Value): boolean {
  if (typeof value === 'boolean') return value
  throw new EvaluationError(`expected true or false, got ${describe(value)}`)
}

export function lambda(value: Value): Callable {
  if (value instanceof Callable) return value
  throw new EvaluationError(`expected a lambda, got ${describe(value)}`)
}

export const describe = (value: Value): string =>
  value instanceof Reference
    ? value.what
    : value instanceof Callable
      ? 'a lambda'
      : (JSON.stringify(value)?.slice(0, 80) ?? 'nothing')

/** A member by name; what is not there is an error unless `safe`. */
export function memberOf(value: Value, name: string, safe: boolean): Value {
  if (value instanceof Reference) return value.member(name)
  if (safe && (value === null || value === undefined)) return undefined
  const found = object(value)[name]
  if (found === undefined && !safe) throw new EvaluationError(`no ${name} in ${describe(value)}`)
  return found
}
