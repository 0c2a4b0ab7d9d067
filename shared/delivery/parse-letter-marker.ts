import type { MarkerNote } from './letter-marker.ts'

const UNREADABLE: MarkerNote = {
  by: { user: 'unknown', credential: 'unknown' },
  reason: 'what was noted cannot be read',
}

/** What a marker's blob says of who and why. */
export function parseMarkerNote(json: string): MarkerNote {
  try {
    const { by, reason } = JSON.parse(json) as Partial<MarkerNote>
    const isDoer = typeof by?.user === 'string' && typeof by.credential === 'string'
    if (!isDoer) return UNREADABLE
    return { by, ...(typeof reason === 'string' ? { reason } : {}) }
  } catch {
    return UNREADABLE
  }
}
