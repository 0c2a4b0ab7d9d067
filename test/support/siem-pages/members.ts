/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Names that a strict parser would refuse. */
export const unknownMembers = (value: Members, known: readonly string[]): readonly string[] =>
  Object.keys(value).filter((name) => !known.includes(name))

/** The JSON object that a text is, if it is one. */
export function parseMembers(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
