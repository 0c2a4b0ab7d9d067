import { createHash } from 'node:crypto'
import { positionOf } from './archive-line.ts'
import type { SentMessage } from './evidence.ts'
import { type Expected, expectedOf } from './expected.ts'
import { text } from './json.ts'
import { parseBytes } from './parse-bytes.ts'
import { type SentRecord, splitBody } from './split-body.ts'

/** A sent record and its expected outcome. */
export interface KnownRecord extends SentRecord, Expected {
  /** For people: its position and its own id. */
  readonly name: string
}

/** A sent message with what is known about it independently of the program. */
export interface KnownMessage {
  readonly position: string
  readonly name: string
  readonly partition: string
  readonly sequenceNumber: number
  readonly body: Buffer
  readonly digest: string
  readonly records: readonly KnownRecord[]
  /** `false`: it may hold more records than these. */
  readonly isComplete: boolean
}

export const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** The generator's knowledge of a body that is not JSON, besides what can be parsed. */
function madeRecords(
  body: Buffer,
  made: readonly string[],
  cut: readonly SentRecord[],
): readonly SentRecord[] {
  const records = new Map(cut.map((record) => [record.start, record]))
  let from = 0
  for (const text of made) {
    const bytes = Buffer.from(text)
    const start = body.indexOf(bytes, from)
    if (start === -1) throw new Error('A message does not hold the records that were put into it.')
    from = start + bytes.length
    records.set(start, { start, end: from, bytes, value: parseBytes(bytes)?.value ?? null })
  }
  return [...records.values()].sort((a, b) => a.start - b.start)
}

export function knownMessage(sent: SentMessage): KnownMessage {
  const { partition, sequenceNumber, enqueuedAtMs, made = [] } = sent
  const body = Buffer.from(sent.body.buffer, sent.body.byteOffset, sent.body.byteLength)
  const cut = splitBody(body)
  const records = cut.isComplete ? cut.records : madeRecords(body, made, cut.records)
  const name = `${partition}/${sequenceNumber}`
  return {
    position: positionOf(partition, sequenceNumber, enqueuedAtMs),
    name,
    partition,
    sequenceNumber,
    body,
    digest: digestOf(body),
    isComplete: cut.isComplete,
    records: records.map((record, i) => {
      const expected = expectedOf(record.value)
      const id = expected.says.get('detectionId') ?? expected.says.get('identity.id')
      return { ...record, ...expected, name: `${name}#${i}${id === undefined ? '' : ` (${text(id)})`}` }
    }),
  }
}
