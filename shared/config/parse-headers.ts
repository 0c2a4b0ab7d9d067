/** Headers from a JSON object of strings, names in lower case; `undefined` if it is anything else. */
export function parseHeaders(text: string): Readonly<Record<string, string>> | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
  const entries = Object.entries(parsed).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  if (entries.length !== Object.keys(parsed).length) return undefined
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]))
}
