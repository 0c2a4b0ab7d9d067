/** A key or tag as text, or a property with its type. */
export type StoredValue = string | { readonly type: string; readonly value: unknown } | undefined
/** A table entity as stored. */
export type StoredEntity = Readonly<Record<string, StoredValue>>

/**
 * For queries: the SDK's own conversion throws on an invalid number, and one such property loses
 * the whole answer.
 */
export const AS_STORED = { disableTypeConversion: true } as const

/** Later than any date. */
const MAX_WHOLE = 8.64e15

function typedValue(property: unknown, ...types: readonly string[]): string | undefined {
  if (typeof property !== 'object' || property === null || !('type' in property)) return undefined
  if (!('value' in property) || !types.some((type) => type === property.type)) return undefined
  return String(property.value)
}

/** A string property. */
export const textIn = (property: unknown): string | undefined => typedValue(property, 'String')

/** Whether a property is a boolean that is true. */
export const isTrueIn = (property: unknown): boolean => typedValue(property, 'Boolean') === 'true'

/** A property that is a whole number, not negative, and not later than any date. */
export function integerIn(property: unknown): number | undefined {
  const digits = typedValue(property, 'Int32', 'Int64') ?? ''
  const whole = /^\d{1,16}$/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY
  return whole <= MAX_WHOLE ? whole : undefined
}
