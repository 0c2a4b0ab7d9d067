/** An event and its position in the archive. */
export interface ArchivedPosition {
  readonly eventId: string
  readonly position: string
  readonly at: number
}

/** By event: its positions in the archive and since when; copies of a repeated batch count once. */
export function archivedPositions(
  list: Iterable<ArchivedPosition>,
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const byEvent = new Map<string, Map<string, number>>()
  for (const { eventId, position, at } of list) {
    const positions = byEvent.get(eventId) ?? new Map<string, number>()
    byEvent.set(eventId, positions)
    positions.set(position, Math.min(at, positions.get(position) ?? at))
  }
  return byEvent
}
