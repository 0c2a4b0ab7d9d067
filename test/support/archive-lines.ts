import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { parseLine } from '../../shared/archive/parse-line.ts'
import { instant, tenantId } from '../../shared/domain/identifiers.ts'
import type { Position } from '../../shared/domain/position.ts'
import { readMessage } from '../../shared/source/read-message.ts'

const settings = {
  tenantId: tenantId('11111111-2222-4333-8444-555555555555'),
  includeUserRisk: true,
  language: 'en',
} as const

const ENQUEUED_AT = Date.UTC(2026, 10, 2, 8, 30)

/** A place in a made-up stream: one partition, a message a second. */
export const positionOf = (sequenceNumber: number, change: Partial<Position> = {}): Position => ({
  namespace: 'localhost',
  hub: 'entra-risk',
  partition: '0',
  sequenceNumber,
  offset: String(sequenceNumber * 1_000),
  enqueuedAt: instant(ENQUEUED_AT + sequenceNumber * 1_000),
  ...change,
})

/** What the archive holds of messages: read, written as one chunk, and read back. */
export function archiveLines(
  bodies: readonly (Uint8Array | string)[],
  firstSequenceNumber = 0,
  change: Partial<Position> = {},
): readonly ArchiveLine[] {
  const messages = bodies.map((body, i) =>
    readMessage({ position: positionOf(firstSequenceNumber + i, change), body: Buffer.from(body) }, settings),
  )
  const { content, blob } = buildChunk(messages)
  return content
    .toString()
    .trimEnd()
    .split('\n')
    .map((line, i) => parseLine(Buffer.from(line), blob, i))
}
