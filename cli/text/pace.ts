const MB = 1e6
const SECOND_MS = 1000

/** How much in how long, such as `31.2 MB in 3.5 s (8.9 MB/s)`. */
export function pace(bytes: number, ms: number): string {
  const rate = ms > 0 ? ` (${(bytes / MB / (ms / SECOND_MS)).toFixed(1)} MB/s)` : ''
  return `${(bytes / MB).toFixed(1)} MB in ${(ms / SECOND_MS).toFixed(1)} s${rate}`
}
