/**
 * A time as Microsoft Graph writes it, with seven digits of a second.
 * @param ticks of 100 ns beyond the millisecond, 0 to 9999
 */
export const graphTime = (ms: number, ticks = 0): string =>
  `${new Date(ms).toISOString().slice(0, -1)}${String(ticks).padStart(4, '0')}Z`

/**
 * A UTC time in a form that sorts: `2026-03-01T12:00:00.0000000`; `undefined` if it is none.
 */
export function sortableTime(text: string): string | undefined {
  const [, seconds, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z$/.exec(text) ?? []
  return seconds === undefined ? undefined : `${seconds}.${fraction.padEnd(7, '0')}`
}
