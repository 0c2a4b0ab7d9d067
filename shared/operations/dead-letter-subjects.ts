import type { LinesRead } from '../archive/reader.ts'
import type { DeadLetter } from '../delivery/dead-letters/dead-letter.ts'
import type { Identity } from '../domain/risk-event.ts'
import { sideBySide } from '../pipeline/side-by-side.ts'

/** The identity a dead letter is about, and its risk. */
export interface Subject {
  readonly identity: Pick<Identity, 'type' | 'id'>
  readonly level?: string
}

type Pointer = Pick<DeadLetter, 'id' | 'blob' | 'line'>

const READS_AT_ONCE = 8

/**
 * Reads from the archive which identities dead letters are about. Omits records that never became
 * events, heartbeats, and dead letters whose archive line cannot be read.
 * @param readLines of an archive blob; never rejects
 */
export async function deadLetterSubjects(
  deadLetters: readonly Pointer[],
  readLines: (blob: string, lines: readonly number[]) => Promise<LinesRead>,
  onBlob: (blobs: number, total: number) => void = () => undefined,
): Promise<ReadonlyMap<string, Subject>> {
  const byBlob = new Map<string, Pointer[]>()
  for (const pointer of deadLetters) {
    const own = byBlob.get(pointer.blob)
    if (own === undefined) byBlob.set(pointer.blob, [pointer])
    else own.push(pointer)
  }
  const subjects = new Map<string, Subject>()
  const readOf = async ([blob, pointers]: readonly [string, readonly Pointer[]]): Promise<void> => {
    const lines = await readLines(blob, [...new Set(pointers.map(({ line }) => line))])
    for (const { id, line } of pointers) {
      const read = lines.get(line)
      if (read?.kind !== 'event' || read.event.kind === 'heartbeat') continue
      const { identity, risk } = read.event
      subjects.set(id, {
        identity: { type: identity.type, id: identity.id },
        ...(risk.level === undefined ? {} : { level: risk.level }),
      })
    }
  }
  let read = 0
  await sideBySide([...byBlob], READS_AT_ONCE, async (one) => {
    await readOf(one)
    onBlob(++read, byBlob.size)
  })
  return subjects
}
