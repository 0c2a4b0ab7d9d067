/**
 * Results in the order of their list, with several under way at once. After a failure nothing more
 * starts, and it rejects once everything under way has ended.
 */
export async function* ahead<T, R>(
  list: Iterable<T>,
  atOnce: number,
  work: (one: T) => Promise<R>,
): AsyncGenerator<R> {
  const rest = list[Symbol.iterator]()
  const underWay: Promise<R>[] = []
  const start = (): void => {
    const { done, value } = rest.next()
    if (done === true) return
    const result = work(value)
    // Whoever awaits it in its turn receives the error.
    result.catch(() => undefined)
    underWay.push(result)
  }
  for (let i = 0; i < atOnce; i += 1) start()
  try {
    for (let first = underWay.shift(); first !== undefined; first = underWay.shift()) {
      const result = await first
      start()
      yield result
    }
  } finally {
    await Promise.allSettled(underWay)
  }
}
