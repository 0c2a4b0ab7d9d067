/** A JSON value. `undefined` is a property that is not there. */
export type Value = string | number | boolean | null | undefined | readonly Value[] | ValueObject

export interface ValueObject {
  readonly [key: string]: Value
}

export const isArray = (value: Value): value is readonly Value[] => Array.isArray(value)

export const isObject = (value: Value): value is ValueObject =>
  typeof value === 'object' && value !== null && !isArray(value)
