/**
 * Does some work for each of a list, so many at a time, begun in their order. When one fails, no
 * other is begun, and it rejects once all that are under way have ended.
 * @param goOn asked before each; once it says no, those that follow are left out
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
