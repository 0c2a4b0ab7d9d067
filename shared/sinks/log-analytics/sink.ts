import { setMaxListeners } from 'node:events'
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'
import type { TokenCredential } from '@azure/identity'
import type { SentRequest, Sink } from '../../delivery/sink.ts'
import type { Fault } from '../../domain/fault.ts'
import { instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { ABORTED, untilAborted } from '../../domain/until-aborted.ts'
import { compress } from '../../encoding/compress.ts'
import { compressSpans } from '../../encoding/compress-spans.ts'
import { weakMemo } from '../../encoding/weak-memo.ts'
import { timeoutFault } from '../http/parse-exchange-error.ts'
import { answerFault } from './answer-fault.ts'
import { ingestionClient } from './ingestion-client.ts'
import { type LogRow, logRow, STREAMS } from './log-row.ts'
import { outcomeOf } from './outcome.ts'
import { exchangeFault } from './parse-exchange-error.ts'
import { byStream, bytesOf, framingAt } from './request.ts'

export interface LogAnalyticsOptions {
  /** Logs ingestion endpoint of the data collection rule, https. */
  readonly endpoint: string
  /** Immutable id of the data collection rule. */
  readonly ruleId: string
  readonly credential: TokenCredential
  readonly nowMs: () => number
  /** Only needed to trust another certificate authority; default: the SDK's own. */
  readonly httpClient?: HttpClient
}

const LIMITS = {
  maxEvents: 2_000,
  /**
   * The service accepts 1,048,576 bytes per request
   * ([limits](https://learn.microsoft.com/azure/azure-monitor/service-limits#log-ingestion-api)),
   * before and after compression; the official clients stay under a million.
   */
  maxBytes: 1_000_000,
} as const

const BRACKETS_BYTES = 2
const NO_ROWS = Buffer.from('[]')

/**
 * Token, role, rule and stream are checked before the payload, so a refused payload proves them
 * valid. The answer to an empty array is undocumented.
 */
const isAboutEmptiness = (fault: Fault): boolean => fault.code === 'payloadRefused'

/** The result of a request; absent if time ran out before it. */
interface Sent {
  readonly fault: Fault | undefined
  readonly request: SentRequest | undefined
}

/**
 * Log Analytics by the Logs Ingestion API: one row per event in one of three custom tables, one
 * request per table and delivery. `TimeGenerated` is the time of sending.
 */
export function logAnalyticsSink(options: LogAnalyticsOptions): Sink<LogRow> {
  const { endpoint, nowMs } = options
  const client = ingestionClient({ httpClient: createDefaultHttpClient(), ...options })
  const { host } = new URL(endpoint)

  const requestsOf = weakMemo((batch: readonly LogRow[]) => {
    const framing = framingAt(isoInstant(instant(nowMs())))
    return byStream(batch).map((of) => ({ ...of, body: compressSpans(framing, of.rows).compressed }))
  })

  /** @param body compressed */
  async function send(stream: string, body: Promise<Buffer>, signal: AbortSignal): Promise<Sent> {
    if (signal.aborted)
      return { fault: timeoutFault(`Log Analytics for the stream ${stream}`), request: undefined }
    // The requests of all streams listen to it.
    setMaxListeners(0, signal)
    const { requestId: id, answer: answering } = client.post(stream, body, signal)
    try {
      const answer = await untilAborted(answering, signal)
      return answer === ABORTED
        ? { fault: timeoutFault(`Log Analytics for the stream ${stream}`), request: { id } }
        : { fault: answerFault(answer, stream), request: { id, status: answer.status } }
    } catch (error) {
      const fault = signal.aborted
        ? timeoutFault(`Log Analytics for the stream ${stream}`)
        : exchangeFault(error, host)
      return { fault, request: { id } }
    }
  }

  return {
    name: 'log-analytics',
    limits: LIMITS,
    encode: (event) => logRow(event, LIMITS.maxBytes - BRACKETS_BYTES),
    sizeOf: bytesOf,
    ready: requestsOf,
    deliver: async (batch, signal) => {
      const results = requestsOf(batch).map(async ({ stream, rows, body }) => ({
        stream,
        rows,
        ...(await send(stream, body, signal)),
      }))
      return outcomeOf(await Promise.all(results))
    },
    check: async (signal) => {
      const probes = await Promise.all(STREAMS.map((stream) => send(stream, compress(NO_ROWS), signal)))
      return probes.map(({ fault }) => fault).find((fault) => fault !== undefined && !isAboutEmptiness(fault))
    },
  }
}
