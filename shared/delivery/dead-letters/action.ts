import type { ContainerClient } from '@azure/storage-blob'
import { DurabilityError } from '../../domain/durability-error.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { DeadLetter } from './dead-letter.ts'

/** What an operator did about a dead letter. The letter itself stays as it is. */
export const LETTER_DEEDS = ['retried', 'discarded'] as const
export type LetterDeed = (typeof LETTER_DEEDS)[number]

export type LetterState = 'open' | LetterDeed

/** Who did it, as far as the command can tell. */
export interface Doer {
  /** Name of the account on the machine. */
  readonly user: string
  /** Whose rights were used: an account's name or id, never a secret. */
  readonly credential: string
}

export interface LetterMarker {
  readonly id: string
  readonly deed: LetterDeed
  readonly at: Instant
}

/** What a marker's blob says besides. */
export interface MarkerNote {
  readonly by: Doer
  readonly reason?: string
}

/** A deed covers what died before it; what dies again afterwards is open again. The latest deed counts. */
export function stateOf(
  { diedAt, replay }: Pick<DeadLetter, 'diedAt' | 'replay'>,
  markers: readonly LetterMarker[],
): LetterState {
  const after = markers
    .filter((m) => m.at >= diedAt && (replay === undefined || m.at > replay.askedAt))
    .sort((a, b) => a.at - b.at)
  return after.at(-1)?.deed ?? 'open'
}

/** `<deed>/v1/<letter id>/<ms since the epoch>.json`: beside the letters, which are under `v1/`. */
const markerName = ({ id, deed, at }: LetterMarker): string => `${deed}/v1/${id}/${at}.json`
const NAME = /^(retried|discarded)\/v1\/([0-9a-f]+)\/(\d+)\.json$/

function markerOf(name: string): LetterMarker | undefined {
  const [, deed, id = '', at] = NAME.exec(name) ?? []
  const known = LETTER_DEEDS.find((d) => d === deed)
  return known === undefined ? undefined : { id, deed: known, at: instant(Number(at)) }
}

/** All markers, by letter: their names say enough. */
export async function listMarkers(
  container: ContainerClient,
): Promise<ReadonlyMap<string, readonly LetterMarker[]>> {
  const byId = new Map<string, LetterMarker[]>()
  for (const deed of LETTER_DEEDS) {
    for await (const { name } of container.listBlobsFlat({ prefix: `${deed}/v1/` })) {
      const marker = markerOf(name)
      if (marker !== undefined) byId.set(marker.id, [...(byId.get(marker.id) ?? []), marker])
    }
  }
  return byId
}

/** Who did it, and why. */
export const readMarker = async (container: ContainerClient, marker: LetterMarker): Promise<MarkerNote> =>
  parseMarkerNote((await container.getBlockBlobClient(markerName(marker)).downloadToBuffer()).toString())

/** Notes a deed; the same one again is no second deed. */
export async function writeMarker(
  container: ContainerClient,
  marker: LetterMarker,
  note: MarkerNote,
): Promise<void> {
  const body = JSON.stringify({ v: 1, ...marker, at: isoInstant(marker.at), ...note })
  try {
    await container.getBlockBlobClient(markerName(marker)).upload(body, Buffer.byteLength(body), {
      blobHTTPHeaders: { blobContentType: 'application/json' },
    })
  } catch (error) {
    throw new DurabilityError('Marking a dead letter', error)
  }
}

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
