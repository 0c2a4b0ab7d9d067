/** An event where the archive has it. */
export interface ArchivedPlace {
  readonly eventId: string
  readonly place: string
  readonly at: number
}

/**
 * By event: the places at which the archive has it, and since when it has each; copies that a batch
 * run again leaves are one.
 */
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
