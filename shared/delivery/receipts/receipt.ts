import type { ContainerClient } from '@azure/storage-blob'
import { instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { SinkTally } from '../../domain/tally.ts'
import type { Time } from '../../domain/time.ts'
import type { ReplayMode } from '../outbox/outbox.ts'
import type { EventsRequest, Settlement } from '../settlement.ts'
import { linesOf, type OutcomeLines } from './outcome-lines.ts'
import { folderOfBlob, receiptName } from './receipt-name.ts'
import { tallyMetadata } from './receipt-tallies.ts'

/** What happened at one sink, and to which part of the chunk. */
export interface SinkReport extends Pick<Settlement, 'attempts' | 'requests' | 'stoppedBy'> {
  readonly sink: string
  readonly tally: SinkTally
  readonly outcomes: OutcomeLines
  readonly tookMs: number
  /** Lines of the archive blob, such as `0-99,105`; absent: all that hold events. */
  readonly lines?: string
  /** Set if an operator asked for the delivery. */
  readonly mode?: ReplayMode
}

/** What happened to the events of an outbox row. */
export interface RowReport extends SinkReport {
  readonly blob: string
}

/** What happened to a chunk: per sink the outcomes, requests, attempts and times; no contents. */
export interface Receipts {
  /** Files a receipt about one blob; a failed write fails nothing. */
  file(blob: string, reports: readonly SinkReport[]): Promise<void>
  /** Files what happened to several rows: one receipt per folder of archive blobs. */
  fileRows(reports: readonly RowReport[]): Promise<void>
}

/** A receipt is a convenience: a silent storage must not hold up the batch for it. */
const WRITE_TIMEOUT_MS = 10_000

/** Receipts as small blobs. */
export function blobReceipts(
  container: Pick<ContainerClient, 'getBlockBlobClient'>,
  time: Pick<Time, 'now' | 'limit'>,
  onProblem: (cause: unknown) => void,
): Receipts {
  async function write(
    blobs: readonly string[],
    reports: readonly SinkReport[],
    jsonAt: (at: string) => string,
  ): Promise<void> {
    const at = isoInstant(instant(time.now()))
    const body = jsonAt(at)
    const limit = time.limit(WRITE_TIMEOUT_MS)
    try {
      await container.getBlockBlobClient(receiptName(blobs, at, body)).upload(body, Buffer.byteLength(body), {
        abortSignal: limit.signal,
        blobHTTPHeaders: { blobContentType: 'application/json' },
        metadata: tallyMetadata(reports),
      })
    } catch (cause) {
      onProblem(cause)
    } finally {
      limit.end()
    }
  }

  return {
    async file(blob, reports) {
      if (reports.length > 0) await write([blob], reports, (at) => receiptJson(blob, at, reports))
    },
    async fileRows(reports) {
      for (const folder of new Set(reports.map(({ blob }) => folderOfBlob(blob)))) {
        const own = reports.filter(({ blob }) => folderOfBlob(blob) === folder)
        const blobs = own.map(({ blob }) => blob)
        await write(blobs, own, (at) => rowsReceiptJson(at, own))
      }
    },
  }
}

/** Most requests named per sink: halving a refused delivery can take thousands. */
const MAX_REQUESTS = 100

const requestJson = ({ id, status, fault, events }: EventsRequest) => ({
  id,
  ...(status === undefined ? {} : { status }),
  ...(fault === undefined ? {} : { fault }),
  lines: linesOf(events),
})

const reportJson = ({ sink, lines, mode, tally, outcomes, requests, ...how }: SinkReport) => ({
  sink,
  ...(lines === undefined ? {} : { lines }),
  ...(mode === undefined ? {} : { mode }),
  ...tally,
  outcomes,
  attempts: how.attempts,
  tookMs: Math.round(how.tookMs),
  ...(how.stoppedBy === undefined ? {} : { fault: how.stoppedBy.code, status: how.stoppedBy.status }),
  requests: requests.slice(0, MAX_REQUESTS).map(requestJson),
  ...(requests.length > MAX_REQUESTS ? { requestsLeftOut: requests.length - MAX_REQUESTS } : {}),
})

/** A receipt, version 1: counts, ids, lines and times; no contents. */
export const receiptJson = (blob: string, at: string, reports: readonly SinkReport[]): string =>
  JSON.stringify({ v: 1, blob, at, sinks: reports.map(reportJson) })

/** A receipt about several blobs; each entry names its own. */
export const rowsReceiptJson = (at: string, reports: readonly RowReport[]): string =>
  JSON.stringify({ v: 1, at, sinks: reports.map((report) => ({ blob: report.blob, ...reportJson(report) })) })
