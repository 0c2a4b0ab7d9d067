const MAX_SAMPLES = 2000

/** Percentiles over the latest samples. */
export class Latency {
  readonly #samples: number[] = []
  #next = 0

  add(ms: number): void {
    this.#samples[this.#next] = ms
    this.#next = (this.#next + 1) % MAX_SAMPLES
  }

  percentiles(): { readonly p50: number; readonly p99: number } | undefined {
    if (this.#samples.length === 0) return undefined
    const sorted = this.#samples.toSorted((a, b) => a - b)
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return { p50: at(0.5), p99: at(0.99) }
  }
}
