import { type Instant, instant } from '../domain/identifiers.ts'
import { isJsonObject, type Json, type JsonObject } from '../encoding/json.ts'
import type { ReconcileReport } from './reconcile-report.ts'

/** State kept between runs; if it is lost, missing facts are only sent later. */
export interface ReconcileState {
  /** By fact key: when the fact was first found missing in the archive. */
  readonly missingSince: ReadonlyMap<string, Instant>
  /** By fact key: when the fact was sent to the hub. */
  readonly sentAt: ReadonlyMap<string, Instant>
  /** By identity id: last update up to which its history has been read. */
  readonly historyUntil: ReadonlyMap<string, Instant>
  readonly report: ReconcileReport | undefined
}

export const EMPTY_STATE: ReconcileState = {
  missingSince: new Map(),
  sentAt: new Map(),
  historyUntil: new Map(),
  report: undefined,
}

const VERSION = 1

const instantsOf = (value: Json | undefined): ReadonlyMap<string, Instant> =>
  new Map(
    Object.entries(isJsonObject(value) ? value : {}).flatMap(([key, at]) =>
      typeof at === 'number' ? [[key, instant(at)] as const] : [],
    ),
  )

/** Parses stored state; unreadable state, or that of another version, counts as empty. */
export function parseState(text: string): ReconcileState {
  let stored: Json
  try {
    stored = JSON.parse(text)
  } catch {
    return EMPTY_STATE
  }
  if (!isJsonObject(stored) || stored['v'] !== VERSION) return EMPTY_STATE
  const { missingSince, sentAt, historyUntil, report } = stored
  return {
    missingSince: instantsOf(missingSince),
    sentAt: instantsOf(sentAt),
    historyUntil: instantsOf(historyUntil),
    // Written by this program; with a known version, its shape is trusted.
    report: isJsonObject(report) ? (report as unknown as ReconcileReport) : undefined,
  }
}

export const stateText = ({ missingSince, sentAt, historyUntil, report }: ReconcileState): string =>
  JSON.stringify({
    v: VERSION,
    missingSince: Object.fromEntries(missingSince),
    sentAt: Object.fromEntries(sentAt),
    historyUntil: Object.fromEntries(historyUntil),
    ...(report === undefined ? {} : { report: report as unknown as JsonObject }),
  })
