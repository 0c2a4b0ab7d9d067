/** An event and its place in the archive. */
export interface ArchivedPlace {
  readonly eventId: string
  readonly place: string
  readonly at: number
}

/** By event: its places in the archive, and since when; copies from a repeated batch count once. */
export function archivedPlaces(
  list: Iterable<ArchivedPlace>,
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const byEvent = new Map<string, Map<string, number>>()
  for (const { eventId, place, at } of list) {
    const places = byEvent.get(eventId) ?? new Map<string, number>()
    byEvent.set(eventId, places)
    places.set(place, Math.min(at, places.get(place) ?? at))
  }
  return byEvent
}
