/** Any JSON value. The emulators share no code with the program that is tried against them. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

/** A JSON object, read-only. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** Whether a value is a JSON object, not an array or null. */
export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
