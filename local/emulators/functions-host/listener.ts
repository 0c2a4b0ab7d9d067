/** Invokes a function when its trigger fires. */
export interface Listener {
  /** Accepts no new work, and resolves when running invocations have ended, which may be never. */
  readonly stop: () => Promise<void>
  /** Abandons running work and closes connections. */
  readonly close: () => Promise<void>
}

/** Work in progress. */
export interface InFlight {
  readonly count: () => number
  /** Tracks the work until it settles, and returns its result. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>
  /** Resolves once nothing is in progress. */
  readonly settled: () => Promise<void>
}

export function createInFlight(): InFlight {
  const running = new Set<Promise<void>>()
  return {
    count: () => running.size,
    async run(work) {
      const result = work()
      const ended = result.then(
        () => undefined,
        () => undefined,
      )
      running.add(ended)
      try {
        return await result
      } finally {
        running.delete(ended)
      }
    },
    async settled() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
