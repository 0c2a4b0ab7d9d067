import { instant } from '../domain/identifiers.ts'
import type { DeadLetter, Replay } from './dead-letter.ts'
import { REPLAY_MODES } from './outbox.ts'

/** A dead letter as JSON has it: instants are texts. We wrote it: its shape is trusted once its version is known. */
interface WrittenLetter {
  readonly v: number
  readonly position: { readonly enqueuedAt: string }
  readonly firstTriedAt: string
  readonly diedAt: string
  readonly replay?: { readonly mode: string; readonly askedAt: string }
}

const at = (iso: string) => instant(Date.parse(iso))

function replayOf({ replay }: WrittenLetter): Replay | undefined {
  const mode = REPLAY_MODES.find((m) => m === replay?.mode)
  return mode === undefined || replay === undefined ? undefined : { mode, askedAt: at(replay.askedAt) }
}

/** The dead letters of a blob that this program knows how to read; those of a newer version are left out. */
export function parseDeadLetters(text: string): readonly DeadLetter[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const written = JSON.parse(line) as WrittenLetter
      if (written.v !== 1) return []
      const { replay: _, ...rest } = written
      const replay = replayOf(written)
      return [
        {
          ...rest,
          position: { ...written.position, enqueuedAt: at(written.position.enqueuedAt) },
          firstTriedAt: at(written.firstTriedAt),
          diedAt: at(written.diedAt),
          ...(replay === undefined ? {} : { replay }),
        } as DeadLetter,
      ]
    })
}
