import type { MarkerNote } from './letter-marker.ts'

/** What a marker's blob says of who and why. We wrote it. */
export function parseMarkerNote(json: string): MarkerNote {
  const { by, reason } = JSON.parse(json) as MarkerNote
  return { by, ...(reason === undefined ? {} : { reason }) }
}
