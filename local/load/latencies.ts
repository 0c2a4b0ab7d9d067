/** When events came to be, and when they first landed at a sink. */
export interface Landing {
  readonly enqueuedAtMs: number
  readonly storedAtMs: number
}

/** From the hub to the receiving server, in milliseconds. */
export interface Latencies {
  readonly events: number
  readonly p50: number
  readonly p99: number
}

/** Latencies of what was enqueued in a stretch of time. */
export function latenciesWithin(landings: readonly Landing[], fromMs: number, toMs: number): Latencies {
  const waits = landings
    .filter(({ enqueuedAtMs }) => enqueuedAtMs >= fromMs && enqueuedAtMs < toMs)
    .map(({ enqueuedAtMs, storedAtMs }) => storedAtMs - enqueuedAtMs)
    .sort((a, b) => a - b)
  const at = (share: number): number =>
    waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0
  return { events: waits.length, p50: at(0.5), p99: at(0.99) }
}
