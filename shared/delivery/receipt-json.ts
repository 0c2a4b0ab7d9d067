import type { EventsRequest } from './deliver-in-order.ts'
import { linesOf } from './end-lines.ts'
import type { RowReport, SettledReport } from './receipt.ts'

/** Requests that a receipt names at most per sink: halving a refused delivery can take thousands. */
const MAX_REQUESTS = 100

const requestJson = ({ id, status, fault, events }: EventsRequest) => ({
  id,
  ...(status === undefined ? {} : { status }),
  ...(fault === undefined ? {} : { fault }),
  lines: linesOf(events),
})

const reportJson = ({ sink, lines, mode, tally, ends, requests, ...how }: SettledReport) => ({
  sink,
  ...(lines === undefined ? {} : { lines }),
  ...(mode === undefined ? {} : { mode }),
  ...tally,
  ends,
  attempts: how.attempts,
  tookMs: Math.round(how.tookMs),
  ...(how.stoppedBy === undefined ? {} : { fault: how.stoppedBy.code, status: how.stoppedBy.status }),
  requests: requests.slice(0, MAX_REQUESTS).map(requestJson),
  ...(requests.length > MAX_REQUESTS ? { requestsLeftOut: requests.length - MAX_REQUESTS } : {}),
})

/** A receipt, version 1: counts, ids, lines and times; no contents. */
export const receiptJson = (blob: string, at: string, reports: readonly SettledReport[]): string =>
  JSON.stringify({ v: 1, blob, at, sinks: reports.map(reportJson) })

/** A receipt about several blobs, each entry of which names its own. */
export const rowsReceiptJson = (at: string, reports: readonly RowReport[]): string =>
  JSON.stringify({ v: 1, at, sinks: reports.map((report) => ({ blob: report.blob, ...reportJson(report) })) })
