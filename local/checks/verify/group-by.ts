/** Elements by key, each group in the order of the list. (`Map.groupBy` is not in Node 20.) */
export function groupBy<K, T>(list: Iterable<T>, keyOf: (element: T) => K): Map<K, [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>()
  for (const element of list) {
    const key = keyOf(element)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [element])
    else group.push(element)
  }
  return groups
}
