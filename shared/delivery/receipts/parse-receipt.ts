import { FAULT_CODES, type FaultCode } from '../../domain/fault.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { SINK_OUTCOMES, type SinkTally } from '../../domain/tally.ts'
import { parseLines } from '../outbox/line-ranges.ts'
import { REPLAY_MODES, type ReplayMode } from '../outbox/outbox.ts'
import type { OutcomeLines } from './outcome-lines.ts'

/** What happened to a chunk, or to some of its lines, at one sink. */
export interface ReadReceipt extends SinkTally {
  readonly at: Instant
  readonly blob: string
  readonly sink: string
  /** Such as `0-99,105`; absent: all lines that hold events. */
  readonly lines?: string
  readonly mode?: ReplayMode
  readonly outcomes: OutcomeLines
  readonly attempts: number
  readonly tookMs: number
  readonly fault?: FaultCode
  /** HTTP status that caused the fault. */
  readonly status?: number
  readonly requests: readonly ReadRequest[]
}

/** A request and the lines it carried; no lines if unknown. */
export interface ReadRequest {
  readonly id: string
  readonly status?: number
  readonly fault?: FaultCode
  readonly lines: string
}

const whole = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const members = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
const linesIn = (value: unknown): string | undefined => {
  const lines = text(value)
  return lines === undefined || parseLines(lines) === undefined ? undefined : lines
}

const endsOf = (value: unknown): OutcomeLines =>
  Object.fromEntries(
    Object.entries(members(value)).filter(
      ([end, lines]) => SINK_OUTCOMES.some((known) => known === end) && linesIn(lines) !== undefined,
    ),
  )

/** Fault and status, in the form that receipts and their requests share. */
function failureOf({ fault, status }: Readonly<Record<string, unknown>>) {
  const code = FAULT_CODES.find((known) => known === fault)
  return {
    ...(code === undefined ? {} : { fault: code }),
    ...(typeof status === 'number' ? { status } : {}),
  }
}

const requestOf = (value: unknown): ReadRequest => {
  const request = members(value)
  return { id: text(request.id) ?? '', ...failureOf(request), lines: linesIn(request.lines) ?? '' }
}

function parseMembers(json: string): Readonly<Record<string, unknown>> {
  try {
    return members(JSON.parse(json))
  } catch {
    return {}
  }
}

/** Parses a receipt blob, one entry per sink; empty if unreadable or of another version. */
export function parseReceipt(json: string): readonly ReadReceipt[] {
  const written = parseMembers(json)
  const atMs = Date.parse(text(written.at) ?? '')
  if (written.v !== 1 || Number.isNaN(atMs)) return []
  return list(written.sinks).flatMap((entry): readonly ReadReceipt[] => {
    const s = members(entry)
    // Entries for redelivered rows each name their own blob.
    const blob = text(s.blob) ?? text(written.blob)
    const sink = text(s.sink)
    const lines = linesIn(s.lines)
    const mode = REPLAY_MODES.find((m) => m === s.mode)
    // If the lines are unreadable, the entry must not pass for one about all lines.
    if (blob === undefined || sink === undefined || (s.lines !== undefined && lines === undefined)) return []
    return [
      {
        at: instant(atMs),
        blob,
        sink,
        ...(lines === undefined ? {} : { lines }),
        ...(mode === undefined ? {} : { mode }),
        outcomes: endsOf(s.outcomes),
        delivered: whole(s.delivered),
        pending: whole(s.pending),
        deadLettered: whole(s.deadLettered),
        duplicate: whole(s.duplicate),
        filtered: whole(s.filtered),
        attempts: whole(s.attempts),
        tookMs: whole(s.tookMs),
        ...failureOf(s),
        requests: list(s.requests).map(requestOf),
      },
    ]
  })
}
