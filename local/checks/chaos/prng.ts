/** Reproducible random numbers: the same seed gives the same sequence. */
export interface Prng {
  /** In [0, 1). */
  random(): number
  /** A whole number in [0, limit). */
  below(limit: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly [T, ...T[]]): T
}

/** Mulberry32: small, and good enough for disrupting a program. */
export function prng(seed: number): Prng {
  let state = seed >>> 0
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(random() * limit)
  return { random, below, chance: (p) => random() < p, pick: (list) => list[below(list.length)] ?? list[0] }
}
