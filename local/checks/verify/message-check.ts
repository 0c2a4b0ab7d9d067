import type { ArchiveLine } from './archive-line.ts'
import { restOf, type Span, spansOf } from './body-spans.ts'
import { at, type Json, text } from './json.ts'
import { digestOf, type KnownMessage, type KnownRecord } from './known-message.ts'

/** An archived event, and the fields expected from its record. */
export interface KeptEvent {
  readonly name: string
  readonly line: ArchiveLine
  readonly says: ReadonlyMap<string, Json>
}

/** Outcomes of a message's records, by one archived copy. */
export interface MessageOutcomes {
  readonly events: readonly KeptEvent[]
  readonly faults: number
  readonly skipped: number
  readonly lost: number
  readonly problems: readonly string[]
}

/** Fields of an event that differ from the expected. */
export const contradictions = (says: ReadonlyMap<string, Json>, event: Json | undefined): readonly string[] =>
  [...says].filter(([path, value]) => at(event, path) !== value).map(([path]) => path)

const MAX_NAMED = 4

/** Lists the first few names, enough to see what is wrong. */
export const named = (names: readonly string[]): string =>
  names.length > MAX_NAMED
    ? `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more`
    : names.join(', ')

/** Looks for every record of a message, with its exact bytes, in one archived copy. */
class MessageCheck {
  readonly events: KeptEvent[] = []
  readonly problems: string[] = []
  faults = 0
  skipped = 0
  lost = 0
  readonly #message: KnownMessage
  readonly #spans: readonly Span[]
  readonly #byStart: ReadonlyMap<number, Span>
  readonly #located: ReadonlySet<ArchiveLine>
  readonly #used = new Set<Span>()

  constructor(message: KnownMessage, lines: readonly ArchiveLine[]) {
    this.#message = message
    this.#spans = spansOf(message, lines)
    this.#byStart = new Map(this.#spans.map((span) => [span.start, span]))
    this.#located = new Set(this.#spans.map(({ line }) => line))
    for (const line of lines) this.#line(line)
    for (const record of message.records) this.#record(record)
    for (const span of this.#spans) if (!this.#used.has(span)) this.#unknown(span.line)
    if (message.isComplete) this.#count(lines)
    else this.#rest()
  }

  #line(line: ArchiveLine): void {
    const { name, digest, body } = this.#message
    const { says, content, ordinal } = line
    const wrong = (what: string): void => {
      this.problems.push(`archive line ${name}#${ordinal} ${what}`)
    }
    if (says['bodyDigest'] !== digest || says['bodyBytes'] !== body.length) wrong('refers to another message')
    if (digestOf(content) !== (says['digest'] ?? says['bodyDigest'])) wrong('does not match its digest')
    if (!this.#located.has(line)) wrong('holds bytes that were not sent')
  }

  #record({ name, start, end, fate, says }: KnownRecord): void {
    const same = this.#byStart.get(start)
    const span = same?.end === end ? same : this.#spans.find((some) => some.start <= start && some.end >= end)
    if (span !== undefined) this.#used.add(span)
    if (span === undefined) this.#missing(name, fate)
    else if (span.line.kind === 'event' && span.start === start && span.end === end)
      this.#event({ name, line: span.line, says })
    else {
      this.faults++
      if (fate === 'event')
        this.problems.push(`record ${name} was not understood: ${text(at(span.line.says, 'fault.code'))}`)
    }
  }

  #missing(name: string, fate: KnownRecord['fate']): void {
    if (fate === 'skipped') {
      this.skipped++
      return
    }
    this.lost++
    this.problems.push(`record ${name} is not in the archive`)
  }

  #event(event: KeptEvent): void {
    this.events.push(event)
    const other = contradictions(event.says, event.line.says['event'])
    if (other.length > 0)
      this.problems.push(`record ${event.name} says another ${named(other)} than the archive made of it`)
  }

  /** Handles a line that matches no known record. */
  #unknown(line: ArchiveLine): void {
    const name = `${this.#message.name}#${line.ordinal}`
    if (this.#message.isComplete)
      this.problems.push(`archive line ${name} does not match any record of its message`)
    else if (line.kind === 'event') this.events.push({ name, line, says: new Map() })
    else this.faults++
  }

  #count(lines: readonly ArchiveLine[]): void {
    const { name, records } = this.#message
    const isOneEach = lines.length + this.skipped + this.lost === records.length
    const odd = lines.find(({ says }) => says['of'] !== records.length)
    if (isOneEach && odd !== undefined)
      this.problems.push(
        `message ${name} has ${records.length} records, and ${text(odd.says['of'])} by the archive`,
      )
  }

  #rest(): void {
    const { missing, skipped } = restOf(this.#message, this.#spans)
    this.skipped += skipped
    this.lost += missing.length
    for (const bytes of missing)
      this.problems.push(`${bytes} of message ${this.#message.name} hold a record that is not in the archive`)
  }
}

export const checkMessage = (message: KnownMessage, lines: readonly ArchiveLine[]): MessageOutcomes =>
  new MessageCheck(message, lines)
