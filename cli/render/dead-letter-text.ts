import type { ActionNote, DeadLetterAction } from '../../shared/delivery/dead-letters/action.ts'
import type { DeadLetter } from '../../shared/delivery/dead-letters/dead-letter.ts'
import { type FiledDeadLetter, folderOf } from '../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import { plain } from '../text/plain.ts'
import { fields, table } from '../text/table.ts'

const HEADING = ['ID', 'DEAD-LETTERED', 'OF', 'FAULT', 'ATTEMPTS', 'STATE']
const ATTEMPTS = HEADING.indexOf('ATTEMPTS')

/** `dead-letters list` for people. */
export function letterTable(deadLetters: readonly FiledDeadLetter[]): string {
  if (deadLetters.length === 0) return 'There are no such dead letters.\n'
  const rows = deadLetters.map(({ deadLetter, state }) => [
    deadLetter.id,
    isoInstant(deadLetter.deadLetteredAt),
    folderOf(deadLetter),
    deadLetter.fault.code,
    String(deadLetter.attempts),
    state,
  ])
  return `${table([HEADING, ...rows], new Set([ATTEMPTS])).join('\n')}\n`
}

const deedText = ({ action, at }: DeadLetterAction, note: ActionNote | undefined): string => {
  const by = note === undefined ? '' : ` by ${plain(note.by.user)} (${plain(note.by.credential)})`
  const reason = note?.reason === undefined ? '' : `: ${plain(note.reason)}`
  return `${action} ${isoInstant(at)}${by}${reason}`
}

const faultText = ({ fault }: DeadLetter): string =>
  `${fault.code}, of the ${fault.scope}${fault.status === undefined ? '' : `, status ${fault.status}`}`

const recordText = ({ fault, digest, ordinal }: DeadLetter): string =>
  fault.code === 'archiveUnreadable'
    ? 'not known: its archive line cannot be read'
    : `${digest}, record ${ordinal + 1} of its message`

/** `dead-letters show` for people. @param notes of the dead letter's markers, in their order */
export function letterText(
  { deadLetter, state, actions }: FiledDeadLetter,
  notes: readonly ActionNote[],
): string {
  const { position, replay, fault } = deadLetter
  const { namespace, hub, partition, sequenceNumber, enqueuedAt } = position
  return [
    `Dead letter ${deadLetter.id}, ${state}`,
    ...fields([
      ['of', deadLetter.sink ?? 'a record that never became an event'],
      ['fault', faultText(deadLetter)],
      ['field', fault.field === undefined ? undefined : plain(fault.field)],
      ['what to check', fault.message],
      ['event', deadLetter.eventId],
      ['record', recordText(deadLetter)],
      ['archived', `${deadLetter.blob} line ${deadLetter.line}`],
      [
        'message',
        `${namespace}/${hub}, partition ${partition}, sequence number ${sequenceNumber}, ${isoInstant(enqueuedAt)}`,
      ],
      [
        'attempts',
        `${deadLetter.attempts}, from ${isoInstant(deadLetter.firstTriedAt)} to ${isoInstant(deadLetter.deadLetteredAt)}`,
      ],
      [
        'asked for',
        replay === undefined
          ? undefined
          : `${isoInstant(replay.askedAt)}, ${replay.mode === 'renormalise' ? 'to be normalised again' : 'as archived'}`,
      ],
      ...actions.map((action, i) => ['action', deedText(action, notes[i])] as const),
    ]),
    '',
    `  risk-export dead-letters retry ${deadLetter.id}`,
    `  risk-export dead-letters discard ${deadLetter.id} --reason TEXT`,
    '',
  ].join('\n')
}
