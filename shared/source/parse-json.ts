import type { Json } from '../domain/json.ts'

/** The value of a JSON text, or `undefined` where it is not JSON. A name that occurs twice has its last value, `__proto__` is a name like any other. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
