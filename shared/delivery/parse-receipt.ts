import { FAULT_CODES, type FaultCode } from '../domain/fault.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import type { SinkTally } from '../domain/tally.ts'
import { REPLAY_MODES, type ReplayMode } from './outbox.ts'

/** What happened to a chunk, or to some of its lines, at one sink. */
export interface ReadReceipt extends SinkTally {
  readonly at: Instant
  readonly blob: string
  readonly sink: string
  /** As `0-99,105`; absent: all lines that hold events. */
  readonly lines?: string
  readonly mode?: ReplayMode
  readonly attempts: number
  readonly tookMs: number
  readonly fault?: FaultCode
  /** HTTP status behind the fault. */
  readonly status?: number
}

interface WrittenReceipt {
  readonly v: number
  readonly blob: string
  readonly at: string
  readonly sinks: readonly Readonly<Record<string, unknown>>[]
}

const whole = (value: unknown): number => (typeof value === 'number' ? value : 0)
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** A receipt blob, one entry per sink; nothing for a version that this program does not know. */
export function parseReceipt(json: string): readonly ReadReceipt[] {
  const written = JSON.parse(json) as WrittenReceipt
  if (written.v !== 1) return []
  return written.sinks.map((s): ReadReceipt => {
    const lines = text(s.lines)
    const mode = REPLAY_MODES.find((m) => m === s.mode)
    const fault = FAULT_CODES.find((code) => code === s.fault)
    return {
      at: instant(Date.parse(written.at)),
      blob: written.blob,
      sink: text(s.sink) ?? '',
      ...(lines === undefined ? {} : { lines }),
      ...(mode === undefined ? {} : { mode }),
      delivered: whole(s.delivered),
      owed: whole(s.owed),
      deadLettered: whole(s.deadLettered),
      duplicate: whole(s.duplicate),
      filtered: whole(s.filtered),
      attempts: whole(s.attempts),
      tookMs: whole(s.tookMs),
      ...(fault === undefined ? {} : { fault }),
      ...(typeof s.status === 'number' ? { status: s.status } : {}),
    }
  })
}
