import { instant } from '../../domain/identifiers.ts'
import { REPLAY_MODES } from '../outbox/outbox.ts'
import type { DeadLetter, Replay } from './dead-letter.ts'

type Members = Readonly<Record<string, unknown>>

/** A dead letter, one of a newer program version, or a line that is neither. */
export type ReadDeadLetter = DeadLetter | 'newer' | 'unreadable'

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? (value as Members) : {}

const at = (iso: unknown) => instant(typeof iso === 'string' ? Date.parse(iso) : Number.NaN)

function parseMembers(line: string): Members {
  try {
    return membersOf(JSON.parse(line))
  } catch {
    return {}
  }
}

const TEXTS = ['id', 'blob', 'digest'] as const
const NUMBERS = ['line', 'ordinal', 'attempts'] as const
const PLACE = ['namespace', 'hub', 'partition', 'offset'] as const

/** Checks the required fields; a line that has them was written by this program. */
function isDeadLetter(deadLetter: Members, position: Members, fault: Members): boolean {
  const texts = [
    ...TEXTS.map((t) => deadLetter[t]),
    ...PLACE.map((p) => position[p]),
    fault.code,
    fault.message,
  ]
  const numbers = [...NUMBERS.map((n) => deadLetter[n]), position.sequenceNumber]
  const instants = [position.enqueuedAt, deadLetter.firstTriedAt, deadLetter.deadLetteredAt].map(at)
  return (
    texts.every((text) => typeof text === 'string') &&
    numbers.every((number) => Number.isSafeInteger(number)) &&
    !instants.some(Number.isNaN)
  )
}

function replayOf(value: unknown): Replay | undefined {
  const { mode: name, askedAt, isRetry } = membersOf(value)
  const mode = REPLAY_MODES.find((m) => m === name)
  if (mode === undefined || Number.isNaN(at(askedAt))) return undefined
  return { mode, askedAt: at(askedAt), ...(isRetry === true ? { isRetry } : {}) }
}

/** Parses the lines of a dead-letter blob. */
export const parseDeadLetterLines = (text: string): readonly ReadDeadLetter[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { replay: written, ...deadLetter } = parseMembers(line)
      if (Number.isSafeInteger(deadLetter.v) && Number(deadLetter.v) > 1) return 'newer'
      const position = membersOf(deadLetter.position)
      if (deadLetter.v !== 1 || !isDeadLetter(deadLetter, position, membersOf(deadLetter.fault)))
        return 'unreadable'
      const replay = replayOf(written)
      return {
        ...deadLetter,
        position: { ...position, enqueuedAt: at(position.enqueuedAt) },
        firstTriedAt: at(deadLetter.firstTriedAt),
        deadLetteredAt: at(deadLetter.deadLetteredAt),
        ...(replay === undefined ? {} : { replay }),
      } as unknown as DeadLetter
    })
