/**
 * Runs some work for each element of a list with bounded concurrency, started in order. After a
 * failure nothing more starts; it rejects once everything under way has ended.
 * @param goOn asked before each start; once it returns false, the rest is left out
 */
export async function sideBySide<T>(
  list: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<void>,
  goOn: () => boolean = () => true,
): Promise<void> {
  const rest = list.values()
  let isOver = false
  const worker = async (): Promise<void> => {
    while (!isOver && goOn()) {
      const { done, value } = rest.next()
      if (done === true) return
      try {
        await work(value)
      } catch (error) {
        isOver = true
        throw error
      }
    }
    isOver = true
  }
  const outcomes = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  for (const end of outcomes) if (end.status === 'rejected') throw end.reason
}
