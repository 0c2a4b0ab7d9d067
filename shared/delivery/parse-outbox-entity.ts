import { FAULT_CODES, type FaultCode } from '../domain/fault.ts'
import { instant } from '../domain/identifiers.ts'
import { REPLAY_MODES, type StoredRow } from './outbox.ts'

/** Version of rows that this program writes. A row of another version is left for the program that knows it. */
export const ROW_VERSION = 1

/** A table entity as the SDK gives it. */
export type Entity = Readonly<Record<string, unknown>>

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const whole = (value: unknown): number =>
  typeof value === 'bigint' || typeof value === 'number' ? Number(value) : 0
const code = (value: unknown): FaultCode => FAULT_CODES.find((c) => c === value) ?? 'internalFault'

/** A ledger row, or `undefined` for one that this program does not know. */
export function parseOutboxEntity(entity: Entity): StoredRow | undefined {
  if (whole(entity.version) !== ROW_VERSION || typeof entity.blob !== 'string') return undefined
  const mode = REPLAY_MODES.find((m) => m === entity.mode)
  // A way of delivering that this program does not know: a newer one's row, whatever its version says.
  if (mode === undefined && typeof entity.mode === 'string') return undefined
  return {
    key: text(entity.rowKey),
    etag: text(entity.etag),
    blob: entity.blob,
    lines: text(entity.lines),
    events: whole(entity.events),
    enqueuedAt: instant(whole(entity.enqueuedAtMs)),
    firstTriedAt: instant(whole(entity.firstTriedAtMs)),
    attempts: whole(entity.attempts),
    ...(entity.faultCode === undefined
      ? {}
      : { lastFault: { code: code(entity.faultCode), message: text(entity.faultMessage) } }),
    ...(mode === undefined ? {} : { mode }),
    ...(entity.lookAgainAtMs === undefined ? {} : { lookAgainAt: instant(whole(entity.lookAgainAtMs)) }),
  }
}

/** What a lease row holds. */
export interface LeaseState {
  readonly token: string
  readonly heldUntilMs: number
  readonly dueAtMs: number
}

export const parseLeaseEntity = (entity: Entity): LeaseState => ({
  token: text(entity.token),
  heldUntilMs: whole(entity.heldUntilMs),
  dueAtMs: whole(entity.dueAtMs),
})
