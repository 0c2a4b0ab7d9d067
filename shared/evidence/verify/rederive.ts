import type { ArchiveLine } from '../../archive/archive-line.ts'
import { writeEventMembers } from '../../archive/line.ts'
import { DETECTION_LANGUAGES, type DetectionLanguage } from '../../domain/catalogue-entry.ts'
import { MessagePlace } from '../../domain/flat-event.ts'
import { tenantId as asTenantId, type TenantId } from '../../domain/identifiers.ts'
import type { Position } from '../../domain/position.ts'
import type { RecordReading } from '../../domain/read-message.ts'
import type { ByteWriter } from '../../encoding/byte-writer.ts'
import type { Digest } from '../../encoding/digest.ts'
import { isJsonObject, type Json } from '../../encoding/json.ts'
import { lineSettings, type Rereading } from './rereading.ts'
import { type SameLine, SameLines } from './same-lines.ts'

type EventLine = Extract<ArchiveLine, { kind: 'event' }>
type FaultLine = Extract<ArchiveLine, { kind: 'fault' }>

const NO_TENANT = asTenantId('00000000-0000-0000-0000-000000000000')
const FIRST_MEMBER = Buffer.from(',"ordinal":')
/** Fields that differ, as shown of one line. */
const MAX_NAMED = 5
/** Of a record whose end its message told, and of a defect: alone, it may read otherwise. */
const NOT_OF_RECORD: ReadonlySet<string> = new Set(['recordNotJson', 'internalFault'])

/** Names of what two JSON values differ in. */
function differing(a: Json | undefined, b: Json | undefined, path: string): readonly string[] {
  if (a === undefined || b === undefined || !isJsonObject(a) || !isJsonObject(b))
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [path]
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  const inner = (name: string) => (path === '' ? name : `${path}.${name}`)
  return [...names].flatMap((name) => differing(a[name], b[name], inner(name)))
}

const WITHOUT_DERIVED = ['v', 'position', 'bodyBytes', 'bodyDigest', 'recordBytes', 'record']
const TEXT_FORMS = ['recordText', 'recordBase64']

function parseMembers(text: string): Record<string, Json> {
  const members = JSON.parse(text) as Record<string, Json>
  for (const name of [...WITHOUT_DERIVED, ...TEXT_FORMS]) delete members[name]
  return members
}

/** What making the events of a blob again has shown. */
export interface Rederived {
  /** Lines that follow from their record. */
  readonly same: number
  /** Lines that do not, with the code of this version. */
  readonly other: number
  /** Which ones, and what differs: the first few. */
  readonly named: readonly string[]
}

export const NOTHING_REDERIVED: Rederived = { same: 0, other: 0, named: [] }

/**
 * Makes lines again from their records, with this program's code, and tells what a line says
 * otherwise: one for a blob.
 */
export class Rederivation {
  readonly #rereading: Rereading
  readonly #sameLines: SameLines
  #place: MessagePlace | undefined
  #placeRecords = 0
  /** The app's settings, which no line tells: those that fitted last. */
  #settings = lineSettings(NO_TENANT, DETECTION_LANGUAGES[0])

  constructor(rereading: Rereading) {
    this.#rereading = rereading
    this.#sameLines = new SameLines(rereading)
  }

  /** Whether a line follows from its record byte for byte; `undefined` if that needs a closer look. */
  same(bytes: Buffer): SameLine | undefined {
    return this.#sameLines.same(bytes, this.#settings)
  }

  /**
   * @param digest of the record's bytes
   * @returns names of what differs, never contents; empty if the line follows from its record
   */
  differingIn(line: ArchiveLine, bytes: Buffer, digest: Digest): readonly string[] {
    switch (line.kind) {
      case 'event':
        return this.#ofEvent(line, bytes, digest)
      case 'fault':
        return this.#ofFault(line)
      case 'unsplit':
      case 'skipped':
        return []
    }
  }

  #ofEvent(line: EventLine, bytes: Buffer, digest: Digest): readonly string[] {
    const start = bytes.indexOf(FIRST_MEMBER)
    const isSame = (members: Buffer): boolean =>
      bytes.compare(members, 0, members.length, start, start + members.length) === 0
    const { language } = this.#settings
    this.#settings = lineSettings(line.event.tenantId, language)
    const made = this.#madeOf(line, digest, language)
    if (made === undefined) return ['event']
    if (isSame(made)) return []
    const [first] = this.#named(bytes, made)
    if (first?.startsWith('event.detection') === true)
      for (const another of DETECTION_LANGUAGES) {
        const other = this.#madeOf(line, digest, another)
        if (other === undefined || !isSame(other)) continue
        this.#settings = lineSettings(line.event.tenantId, another)
        return []
      }
    return this.#named(bytes, this.#madeOf(line, digest, language) ?? made)
  }

  #named(bytes: Buffer, made: Buffer): readonly string[] {
    const text = made.toString('utf8', 1, made.length - 1)
    const names = differing(parseMembers(bytes.toString('utf8')), parseMembers(`{${text}}`), '')
    // The same values, in another order or form.
    return names.length === 0 ? ['the form of event'] : names.slice(0, MAX_NAMED)
  }

  /** What a line says of this event; `undefined` if its record is none. Valid until the next call. */
  #madeOf(line: EventLine, digest: Digest, language: DetectionLanguage): Buffer | undefined {
    const { position, of, ordinal, event } = line
    const reading = this.#reread(line, event.tenantId, language)
    if (reading.status !== 'event') return undefined
    const { fields } = reading.event
    this.#placeIn(fields.memory, position, of).of(fields, ordinal, digest, line.line)
    const { written } = this.#rereading
    written.length = 0
    writeEventMembers(written, reading.event)
    return written.since(0)
  }

  /** Of the message's records, only their number stands in what is compared. */
  #placeIn(memory: ByteWriter, position: Position, of: number): MessagePlace {
    if (this.#place?.memory !== memory || this.#placeRecords !== of) {
      this.#place = new MessagePlace(memory, position, of)
      this.#placeRecords = of
    }
    return this.#place
  }

  #ofFault(line: FaultLine): readonly string[] {
    if (NOT_OF_RECORD.has(line.fault.code)) return []
    const reading = this.#reread(line, NO_TENANT, this.#settings.language)
    return reading.status === 'fault' && reading.fault.code === line.fault.code ? [] : ['fault']
  }

  /** @param tenantId for a record that tells none: as the line says, since the setting is unknown */
  #reread(line: EventLine | FaultLine, tenantId: TenantId, language: DetectionLanguage): RecordReading {
    return this.#rereading.read(line.record, line.position.enqueuedAt, lineSettings(tenantId, language))
      .reading
  }
}
