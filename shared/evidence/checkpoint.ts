import { HASH_BYTES } from './merkle.ts'
import { type Note, parseBase64, parseNote } from './note.ts'

/** The head of a log: [C2SP tlog-checkpoint](https://c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** Which log: the archive's host and the log's container, without a scheme. */
  readonly origin: string
  /** Number of leaves. */
  readonly size: number
  readonly root: Buffer
}

/** A checkpoint as it is stored: a note. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: Note
}

/** The text that is signed. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`

/** Three lines; any further ones are ignored, as the specification demands, and must not be empty. */
const TEXT = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*$/

/** Parses the text of a checkpoint; `undefined` if it is malformed. */
export function parseCheckpointText(text: string): Checkpoint | undefined {
  const [, origin = '', size = '', encoded = ''] = TEXT.exec(text) ?? []
  const root = parseBase64(encoded)
  if (root?.length !== HASH_BYTES || !Number.isSafeInteger(Number(size))) return undefined
  return { origin, size: Number(size), root }
}

/** Parses a stored checkpoint; `undefined` if it is malformed. Checks no signature. */
export function parseCheckpoint(bytes: Uint8Array): SignedCheckpoint | undefined {
  const note = parseNote(bytes)
  const checkpoint = note === undefined ? undefined : parseCheckpointText(note.text)
  return note === undefined || checkpoint === undefined ? undefined : { ...checkpoint, note }
}
