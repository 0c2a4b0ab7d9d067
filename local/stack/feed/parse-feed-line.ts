/**
 * Whether a line is a record without an envelope: a JSON object without `records`. Unreadable lines
 * are not, and are sent as is, to see what becomes of them.
 */
export function parsesAsBareRecord(line: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line))
    return (
      typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, 'records')
    )
  } catch {
    return false
  }
}
