import { slotOf } from '../../domain/event-fields.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { FormPart } from '../../domain/form.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { effectiveAt } from '../../domain/latest.ts'
import type { Position } from '../../domain/position.ts'
import { QUOTE, ZERO } from '../../encoding/json-bytes.ts'
import { Literal } from '../../encoding/literal.ts'
import { quoted } from '../../encoding/quoted.ts'

let known: Position | undefined
let knownPlace = ''
let knownJson = new Literal('')

/** The part that the events of a message share. */
function keepPlace(position: Position): void {
  if (position === known) return
  known = position
  knownPlace = `/${isoInstant(position.enqueuedAt)}/${padded(position.partition, 4)}/${padded(position.sequenceNumber, 20)}/`
  knownJson = new Literal(quoted(knownPlace).slice(1, -1))
}

const padded = (value: number | string, digits: number): string => String(value).padStart(digits, '0')

/**
 * A string whose alphabetical order says which of two events is later (`shared/domain/latest.ts`):
 * last updated (not trusted if over a day ahead), enqueued, partition, sequence number, ordinal.
 * The greatest per identity is the latest, in any order of arrival.
 */
export function supersedence({ event, position, ordinal }: ArchivedEvent): string {
  keepPlace(position)
  const at = isoInstant(effectiveAt(event.lastUpdatedAt, position.enqueuedAt))
  return `${at}${knownPlace}${padded(ordinal, ORDINAL_DIGITS)}`
}

const ORDINAL_DIGITS = 6
const LAST_UPDATED_AT = slotOf('lastUpdatedAt')
const MEMBER = new Literal(',"sequence":"')

/** The same as a member of JSON; no string, which would be garbage for each event. */
export const sequence: FormPart = {
  write(out, fields, { event, position, ordinal }) {
    keepPlace(position)
    out.literal(MEMBER)
    const at = effectiveAt(event.lastUpdatedAt, position.enqueuedAt)
    if (at === event.lastUpdatedAt)
      out.copy(fields.memory, fields.start(LAST_UPDATED_AT) + 1, fields.end(LAST_UPDATED_AT) - 1)
    else out.ascii(isoInstant(at))
    out.literal(knownJson)
    for (let least = 10 ** (ORDINAL_DIGITS - 1); least > Math.max(1, ordinal); least /= 10) out.byte(ZERO)
    out.integer(ordinal)
    out.byte(QUOTE)
  },
}
