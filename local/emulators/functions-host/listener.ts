/** Something that runs a function when its trigger fires. */
export interface Listener {
  /**
   * Takes nothing new and resolves when what was under way has ended; does not wait for ever only
   * if functions end.
   */
  readonly stop: () => Promise<void>
  /** Gives up whatever is still under way and closes connections. */
  readonly close: () => Promise<void>
}

/** Work that is under way. */
export interface InFlight {
  readonly count: () => number
  /** Counts the work until it settles and hands its result on. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>
  /** Resolves as soon as nothing is under way. */
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
