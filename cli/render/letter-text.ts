import type { LetterMarker, MarkerNote } from '../../shared/delivery/dead-letters/action.ts'
import type { DeadLetter } from '../../shared/delivery/dead-letters/dead-letter.ts'
import { type FiledLetter, folderOf } from '../../shared/delivery/dead-letters/dead-letter-store.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import { plain } from '../text/plain.ts'
import { fields, table } from '../text/table.ts'

const HEADING = ['ID', 'DIED', 'OF', 'FAULT', 'ATTEMPTS', 'STATE']
const ATTEMPTS = HEADING.indexOf('ATTEMPTS')

/** `dead-letters list` for people. */
export function letterTable(letters: readonly FiledLetter[]): string {
  if (letters.length === 0) return 'There are no such dead letters.\n'
  const rows = letters.map(({ letter, state }) => [
    letter.id,
    isoInstant(letter.diedAt),
    folderOf(letter),
    letter.fault.code,
    String(letter.attempts),
    state,
  ])
  return `${table([HEADING, ...rows], new Set([ATTEMPTS])).join('\n')}\n`
}

const deedText = ({ deed, at }: LetterMarker, note: MarkerNote | undefined): string => {
  const by = note === undefined ? '' : ` by ${plain(note.by.user)} (${plain(note.by.credential)})`
  const reason = note?.reason === undefined ? '' : `: ${plain(note.reason)}`
  return `${deed} ${isoInstant(at)}${by}${reason}`
}

const faultText = ({ fault }: DeadLetter): string =>
  `${fault.code}, of the ${fault.scope}${fault.status === undefined ? '' : `, status ${fault.status}`}`

const recordText = ({ fault, digest, ordinal }: DeadLetter): string =>
  fault.code === 'archiveUnreadable'
    ? 'not known: its archive line cannot be read'
    : `${digest}, record ${ordinal + 1} of its message`

/** `dead-letters show` for people. @param notes of the letter's markers, in their order */
export function letterText({ letter, state, markers }: FiledLetter, notes: readonly MarkerNote[]): string {
  const { position, replay, fault } = letter
  const { namespace, hub, partition, sequenceNumber, enqueuedAt } = position
  return [
    `Dead letter ${letter.id}, ${state}`,
    ...fields([
      ['of', letter.sink ?? 'a record that never became an event'],
      ['fault', faultText(letter)],
      ['field', fault.field === undefined ? undefined : plain(fault.field)],
      ['what to check', fault.message],
      ['event', letter.eventId],
      ['record', recordText(letter)],
      ['archived', `${letter.blob} line ${letter.line}`],
      [
        'message',
        `${namespace}/${hub}, partition ${partition}, sequence number ${sequenceNumber}, ${isoInstant(enqueuedAt)}`,
      ],
      [
        'attempts',
        `${letter.attempts}, from ${isoInstant(letter.firstTriedAt)} to ${isoInstant(letter.diedAt)}`,
      ],
      [
        'asked for',
        replay === undefined
          ? undefined
          : `${isoInstant(replay.askedAt)}, ${replay.mode === 'renormalise' ? 'to be normalised again' : 'as archived'}`,
      ],
      ...markers.map((marker, i) => ['deed', deedText(marker, notes[i])] as const),
    ]),
    '',
    `  risk-export dead-letters retry ${letter.id}`,
    `  risk-export dead-letters discard ${letter.id} --reason TEXT`,
    '',
  ].join('\n')
}
