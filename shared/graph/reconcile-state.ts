import { type Instant, instant } from '../domain/identifiers.ts'
import { isJsonObject, type Json, type JsonObject } from '../encoding/json.ts'
import type { ReconcileReport } from './reconcile-report.ts'

/** What one run leaves for the next; without it, missing facts are only sent a little later. */
export interface ReconcileState {
  /** Facts that the archive lacked, by key: when that was first seen. */
  readonly missingSince: ReadonlyMap<string, Instant>
  /** Facts sent to the hub, by key: when. */
  readonly sentAt: ReadonlyMap<string, Instant>
  /** Identities whose history was read, by id: up to which last update. */
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

/** The state that an earlier run has written; what is no such thing counts as none. */
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
    // This program wrote it: its shape is trusted once its version is known.
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
