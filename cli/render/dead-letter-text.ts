import type { ActionNote, DeadLetterAction } from '../../shared/delivery/dead-letters/action.ts'
import type { DeadLetter } from '../../shared/delivery/dead-letters/dead-letter.ts'
import { type FiledDeadLetter, folderOf } from '../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { Subject } from '../../shared/operations/dead-letter-subjects.ts'
import { plain } from '../text/plain.ts'
import type { Suggest } from '../text/suggest.ts'
import { fields, table } from '../text/table.ts'

const HEADING = ['ID', 'DEAD-LETTERED', 'OF', 'FAULT', 'IDENTITY', 'LEVEL', 'ATTEMPTS', 'STATE']
const ATTEMPTS = HEADING.indexOf('ATTEMPTS')

/** `dead-letters list` for people. */
export function deadLetterTable(
  deadLetters: readonly FiledDeadLetter[],
  subjects: ReadonlyMap<string, Subject>,
): string {
  if (deadLetters.length === 0) return 'No dead letters found.\n'
  const rows = deadLetters.map(({ deadLetter, state }) => [
    deadLetter.id,
    isoInstant(deadLetter.deadLetteredAt),
    folderOf(deadLetter),
    deadLetter.fault.code,
    plain(subjects.get(deadLetter.id)?.identity.id ?? '-'),
    plain(subjects.get(deadLetter.id)?.level ?? '-'),
    String(deadLetter.attempts),
    state,
  ])
  return `${table([HEADING, ...rows], new Set([ATTEMPTS])).join('\n')}\n`
}

const actionText = ({ action, at }: DeadLetterAction, note: ActionNote | undefined): string => {
  const by = note === undefined ? '' : ` by ${plain(note.by.user)} (${plain(note.by.credential)})`
  const reason = note?.reason === undefined ? '' : `: ${plain(note.reason)}`
  return `${action} ${isoInstant(at)}${by}${reason}`
}

const faultText = ({ fault }: DeadLetter): string =>
  `${fault.code}, of the ${fault.scope}${fault.status === undefined ? '' : `, status ${fault.status}`}`

const recordText = ({ fault, digest, ordinal }: DeadLetter): string =>
  fault.code === 'archiveUnreadable'
    ? 'unknown: its archive line cannot be read'
    : `${digest}, record ${ordinal + 1} of its message`

/** `dead-letters show` for people. @param notes of the dead letter's markers, in their order */
export function deadLetterText(
  { deadLetter, state, actions }: FiledDeadLetter,
  subject: Subject | undefined,
  notes: readonly ActionNote[],
  suggest: Suggest,
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
      [
        'about',
        subject === undefined
          ? undefined
          : `${subject.identity.type} ${plain(subject.identity.id)}, risk level ${plain(subject.level ?? 'not given')}`,
      ],
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
      ...actions.map((action, i) => ['action', actionText(action, notes[i])] as const),
    ]),
    '',
    `  ${suggest('dead-letters', 'retry', deadLetter.id)}`,
    `  ${suggest('dead-letters', 'discard', deadLetter.id, '--reason', 'TEXT')}`,
    '',
  ].join('\n')
}
