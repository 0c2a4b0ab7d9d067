const TICK_MS = 10

/** Counts the ticks of this process's event loop from now on; keeps no process alive. */
function loopClock(): { readonly ms: () => number; readonly stop: () => void } {
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, TICK_MS).unref()
  return { ms: () => ticks * TICK_MS, stop: () => clearInterval(timer) }
}

/**
 * How long this process waits for something, in ms, by ticks of its event loop: time for which a
 * busy machine does not run it is not counted.
 */
export async function loopMs(work: () => Promise<unknown>): Promise<number> {
  const clock = loopClock()
  try {
    await work()
    return clock.ms()
  } finally {
    clock.stop()
  }
}

/** Says on stdout, when this process ends, for how long its event loop went on from now. */
export function reportLoopMs(): void {
  const clock = loopClock()
  process.once('exit', () => process.stdout.write(`${clock.ms()}\n`))
}
