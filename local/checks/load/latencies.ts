/** From hub to receiver, in milliseconds. */
export interface Latencies {
  readonly events: number
  readonly p50: number
  readonly p99: number
}

/** Latencies relative to others: 1 is equal, 2 is twice as long. */
export interface Ratios {
  readonly p50: number
  readonly p99: number
}

export function latenciesOf(waitsMs: readonly number[]): Latencies {
  const sorted = [...waitsMs].sort((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { events: sorted.length, p50: at(0.5), p99: at(0.99) }
}

export const ratiosTo = (some: Latencies, others: Latencies): Ratios => ({
  p50: ratio(some.p50, others.p50),
  p99: ratio(some.p99, others.p99),
})

/** Minimum and maximum of each: how far equal phases differ by chance. */
export function spreadOf(all: readonly Ratios[]): {
  readonly p50: readonly [number, number]
  readonly p99: readonly [number, number]
} {
  const outcomes = (values: readonly number[]): readonly [number, number] => [
    Math.min(...values),
    Math.max(...values),
  ]
  return { p50: outcomes(all.map(({ p50 }) => p50)), p99: outcomes(all.map(({ p99 }) => p99)) }
}

const ratio = (a: number, b: number): number => Math.round((a / Math.max(1, b)) * 100) / 100
