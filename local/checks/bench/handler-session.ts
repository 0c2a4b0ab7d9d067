import type { ChildProcess } from 'node:child_process'
import { MESSAGES_PER_BATCH, RECORDS_PER_MESSAGE } from './bench-batches.ts'
import { ask, startChild } from './child.ts'
import type {
  BatchesFigures,
  BatchesTask,
  Floor,
  FloorTargets,
  FloorTask,
  HandlerReady,
  ReceiversMessage,
  RequestsPerBatch,
} from './counts.ts'

export type Listening = Extract<ReceiversMessage, { kind: 'listening' }>
export type ReceiversCounts = Extract<ReceiversMessage, { kind: 'counts' }>

/** Batches made ahead of a timed range, unless told otherwise. */
const BATCHES_AHEAD = 24
/** The default of one second would make an undelivered batch of a hiccup of the machine. */
export const DELIVERY_TIMEOUT_MS = '10000'

/** What batches hold, and how many are in flight; default: risk records, one in flight. */
export type Load = Pick<BatchesTask, 'batches'> &
  Partial<Pick<BatchesTask, 'messagesPerBatch' | 'inFlight' | 'batchesAhead' | 'isOtherCategory'>>

/** The handler, the receivers and, once one is asked for, the floors: each in a process of its own. */
export interface HandlerSession {
  readonly ready: HandlerReady
  readonly floorTargets: FloorTargets
  /** Runs the handler over messages that it has not seen. */
  run(load: Load): Promise<BatchesFigures>
  /** Runs a floor over the messages that the handler gets next. */
  runFloor(floor: Floor, load: Load): Promise<BatchesFigures>
  received(): Promise<ReceiversCounts>
  /** Records that each destination must hold by now. */
  recordsIn(): number
  end(): void
}

/** @param execPath the Node.js that handler and floors run on */
export async function startSession(execPath: string): Promise<HandlerSession> {
  const receivers = startChild('receivers')
  const { environment, floorTargets } = await ask<Listening>(receivers)
  const handler = startChild('handler', { ...environment, DELIVERY_TIMEOUT_MS }, execPath)
  const ready = await ask<HandlerReady>(handler)
  let floors: ChildProcess | undefined
  // The first batch has been handled before the process is ready.
  let nextMessage = MESSAGES_PER_BATCH
  let recordsIn = MESSAGES_PER_BATCH * RECORDS_PER_MESSAGE
  const taskOf = (load: Load): BatchesTask => ({
    messagesPerBatch: MESSAGES_PER_BATCH,
    inFlight: 1,
    batchesAhead: BATCHES_AHEAD,
    isOtherCategory: false,
    ...load,
    firstMessage: nextMessage,
  })
  const received = (): Promise<ReceiversCounts> => ask<ReceiversCounts>(receivers, { kind: 'count' })
  /** Runs a task; the receivers count what they got after it, not meanwhile. */
  const timed = async (child: ChildProcess, task: BatchesTask | FloorTask): Promise<BatchesFigures> => {
    const figures = await ask<BatchesFigures>(child, task)
    await received()
    return figures
  }
  return {
    ready,
    floorTargets,
    run(load) {
      const task = taskOf(load)
      const messages = task.batches * task.messagesPerBatch
      nextMessage += messages
      if (!task.isOtherCategory) recordsIn += messages * RECORDS_PER_MESSAGE
      return timed(handler, task)
    },
    runFloor(floor, load) {
      floors ??= startChild('floors', {}, execPath)
      return timed(floors, { ...taskOf(load), floor } satisfies FloorTask)
    },
    received,
    recordsIn: () => recordsIn,
    end() {
      handler.disconnect()
      floors?.disconnect()
      receivers.disconnect()
    },
  }
}

/** The floor that makes as many requests for a batch as the handler was seen to make. */
export async function floorAlike(session: HandlerSession, load: Load): Promise<FloorAlike> {
  const before = await session.received()
  await session.run(load)
  const after = await session.received()
  const perBatch = (countOf: (received: ReceiversCounts) => number): number =>
    Math.round((countOf(after) - countOf(before)) / load.batches)
  const requests: RequestsPerBatch = {
    archive: perBatch(({ counts }) => counts.archive.requests),
    'log-analytics': perBatch(({ counts }) => counts['log-analytics'].requests),
    webhook: perBatch(({ counts }) => counts.webhook.requests),
    other: perBatch(({ otherRequests }) => otherRequests),
  }
  return { kind: 'withDigestsAndRequests', targets: session.floorTargets, requests }
}

type FloorAlike = Extract<Floor, { kind: 'withDigestsAndRequests' }>
