/**
 * Whether a line is a record without an envelope: a JSON object that has no `records`.
 * A line that cannot be read is none; it is sent as it is, to see what becomes of it.
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
