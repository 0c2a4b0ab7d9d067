/** Any JSON value. This folder shares no code with the program it checks, not even this type. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [key: string]: Json
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A scalar as text; empty for anything else. */
export const text = (value: Json | undefined): string =>
  typeof value === 'object' ? '' : String(value ?? '')

/** The value at a path such as `event.risk.level`. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let found = value
  for (const name of path.split('.'))
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined
  return found
}
