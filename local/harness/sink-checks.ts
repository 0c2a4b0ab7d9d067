import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { SinkTally } from '../../shared/domain/tally.ts'
import type { RecordLine } from './archive-checks.ts'
import type { Pointer, SinkEvidence } from './evidence.ts'
import { groupBy } from './group-by.ts'

type EventLine = Extract<RecordLine, { kind: 'event' }>

/** How the events of the archive ended at one sink, as seen from outside. */
export interface SinkVerdict {
  readonly name: string
  readonly tally: SinkTally
  /** Events that the receiving server holds, repetitions included. */
  readonly landed: number
  readonly problems: readonly string[]
}

const pointerKey = (p: { readonly blob: string; readonly line: number }): string => `${p.blob}#${p.line}`

/** Short enough to read, long enough to find. */
const short = (eventId: string): string => eventId.slice(0, 12)

/**
 * Compares what landed at a sink with the archive: every event is there, owed or dead-lettered; nothing is there that the archive does not
 * know; and what is there says what the archive says.
 */
export function judgeSink(
  sink: SinkEvidence,
  events: readonly EventLine[],
  owed: readonly Pointer[],
  deadLetters: readonly Pointer[],
): SinkVerdict {
  const mine = (pointers: readonly Pointer[]): ReadonlySet<string> =>
    new Set(pointers.filter((p) => p.sink === sink.name).map(pointerKey))
  const owedLines = mine(owed)
  const deadLines = mine(deadLetters)
  const landed = groupBy(sink.landed, (e) => e.eventId)
  const archived = groupBy(events, (line) => line.archived.event.eventId as string)
  const problems: string[] = []
  const tally = { delivered: 0, owed: 0, deadLettered: 0, duplicate: 0, filtered: 0 }

  for (const [eventId, lines] of archived) {
    const open = lines.filter((line) => {
      const key = pointerKey(line)
      if (owedLines.has(key)) tally.owed++
      else if (deadLines.has(key)) tally.deadLettered++
      else return true
      return false
    })
    const copies = landed.get(eventId) ?? []
    if (open.length > 0 && copies.length === 0)
      problems.push(`event ${short(eventId)} did not reach ${sink.name}`)
    const delivered = Math.min(open.length, copies.length)
    tally.delivered += delivered
    tally.duplicate += copies.length === 0 ? 0 : open.length - delivered
    const expected = new Set(lines.map((line) => canonicalJson(sink.expected(line))))
    if (copies.some((copy) => !expected.has(canonicalJson(copy.content))))
      problems.push(`event ${short(eventId)} at ${sink.name} is not what the archive says`)
  }
  for (const eventId of landed.keys()) {
    if (!archived.has(eventId))
      problems.push(`event ${short(eventId)} is at ${sink.name}, but not in the archive`)
  }
  return { name: sink.name, tally, landed: sink.landed.length, problems }
}
