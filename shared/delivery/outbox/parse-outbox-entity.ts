import { integerIn, isTrueIn, type StoredEntity, textIn } from '../../azure/entity-value.ts'
import { FAULT_CODES, type FaultCode } from '../../domain/fault.ts'
import { instant } from '../../domain/identifiers.ts'
import type { LeaseState } from './lease.ts'
import { parseLines } from './line-ranges.ts'
import { REPLAY_MODES, type StoredRow } from './outbox.ts'

/** Version of rows this program writes; rows of later versions are left alone. */
export const ROW_VERSION = 1

const MAX_BLOB_NAME = 1024
/** As made by `rowKey`. */
const KEY = /^(\d{15})-\d{20}-\d{7}-[0-9a-f]{16}$/
/** Path segments that every storage accepts. */
const BLOB = /^v\d+(?:\/(?!\.{1,2}(?:\/|$))[^/\\\p{Cc}\p{Cs}]+)+$/u

const code = (value: unknown): FaultCode => FAULT_CODES.find((c) => c === textIn(value)) ?? 'internalFault'
/** Keys, tag and timestamp arrive as plain strings. */
const plain = (value: unknown): string => (typeof value === 'string' ? value : '')

/**
 * Parses an outbox row. `newer`: written by a later version, left alone. `unreadable`: not written
 * by this program. Key and pointer are required; other fields that cannot be read count as never
 * tried.
 */
export function parseOutboxEntity(entity: StoredEntity): StoredRow | 'newer' | 'unreadable' {
  const version = integerIn(entity.version)
  if (version !== undefined && version > ROW_VERSION) return 'newer'
  const modeText = textIn(entity.mode)
  const mode = REPLAY_MODES.find((m) => m === modeText)
  // An unknown delivery mode means a newer program's row, whatever its version says.
  if (version === ROW_VERSION && mode === undefined && modeText !== undefined) return 'newer'
  const rowKey = plain(entity.rowKey)
  const enqueuedAt = KEY.exec(rowKey)?.[1]
  const isRow = version === ROW_VERSION && (mode !== undefined || entity.mode === undefined)
  if (!isRow || enqueuedAt === undefined) return 'unreadable'
  const blob = textIn(entity.blob) ?? ''
  const lines = textIn(entity.lines) ?? ''
  const count = parseLines(lines)?.length
  if (blob.length > MAX_BLOB_NAME || !BLOB.test(blob) || count === undefined) return 'unreadable'
  const enqueuedAtMs = integerIn(entity.enqueuedAtMs) ?? Number(enqueuedAt)
  const lookAgainAtMs = integerIn(entity.lookAgainAtMs)
  const writtenAtMs = Date.parse(plain(entity.timestamp))
  return {
    key: rowKey,
    etag: plain(entity.etag),
    ...(Number.isNaN(writtenAtMs) ? {} : { writtenAt: instant(writtenAtMs) }),
    blob,
    lines,
    events: integerIn(entity.events) ?? count,
    enqueuedAt: instant(enqueuedAtMs),
    firstTriedAt: instant(integerIn(entity.firstTriedAtMs) ?? enqueuedAtMs),
    attempts: integerIn(entity.attempts) ?? 0,
    ...(entity.faultCode === undefined
      ? {}
      : { lastFault: { code: code(entity.faultCode), message: textIn(entity.faultMessage) ?? '' } }),
    ...(mode === undefined ? {} : { mode }),
    ...(isTrueIn(entity.isRetry) ? { isRetry: true } : {}),
    ...(lookAgainAtMs === undefined ? {} : { lookAgainAt: instant(lookAgainAtMs) }),
  }
}

/** Parses a lease row; fields that cannot be read block nobody. */
export const parseLeaseEntity = (entity: StoredEntity): LeaseState => ({
  token: textIn(entity.token) ?? '',
  heldUntilMs: integerIn(entity.heldUntilMs) ?? 0,
  dueAtMs: integerIn(entity.dueAtMs) ?? 0,
  writtenAtMs: integerIn(entity.writtenAtMs) ?? 0,
})
