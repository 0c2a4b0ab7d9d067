import type { ArchiveLine } from '../archive/archive-line.ts'
import type { DeadLetter } from '../delivery/dead-letters/dead-letter.ts'
import {
  type Outbox,
  REPLAY_MODES,
  type ReplayMode,
  replayPartitionOf,
  type WakeUps,
} from '../delivery/outbox/outbox.ts'
import { replayRows } from '../delivery/outbox/replay-rows.ts'
import type { FlatEvent } from '../domain/exported-event.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'
import { type Rereader, renormalise } from '../pipeline/redeliver/renormalise.ts'
import { unreadableBecause } from '../pipeline/redeliver/unreadable.ts'

export interface RetryDeps {
  /** The lines of an archive blob. */
  readonly readBlob: (blob: string) => AsyncIterable<ArchiveLine>
  readonly rereader: Rereader
  readonly outbox: Pick<Outbox, 'append'>
  readonly wakeUps: WakeUps
  /** Sinks that are on, and what each is to get by its settings. */
  readonly sinks: ReadonlyMap<string, (event: FlatEvent) => boolean>
  readonly time: Pick<Time, 'now'>
  /** Notes that a letter was retried, and when that was asked for. */
  readonly noteAction: (deadLetter: DeadLetter, at: Instant) => Promise<void>
}

/** What became of dead letters that were to be retried. */
export interface RetryReport {
  /** Handed over to their sinks. */
  readonly retried: readonly DeadLetter[]
  /**
   * Records that today's code cannot normalise either, and those that the archive still cannot
   * show: nothing was handed over.
   */
  readonly stillFaulty: readonly DeadLetter[]
  /** Records that no sink is to get by its settings. */
  readonly unwanted: readonly DeadLetter[]
  /** Dead letters of a sink that is off: handed over, and waiting for it. */
  readonly sinksOff: readonly string[]
}

type Fate = 'retried' | 'stillFaulty' | 'unwanted'

/**
 * Queues dead letters for redelivery: events as archived to their sink, records that never became
 * events by current code to every sink that is on. The dead letters stay, marked as
 * retried.
 * @param deadLetters of one archive blob and one sink (or none), by rising line
 */
export async function retryDeadLetters(
  deadLetters: readonly DeadLetter[],
  deps: RetryDeps,
): Promise<RetryReport> {
  const [first] = deadLetters
  if (first === undefined) return { retried: [], stillFaulty: [], unwanted: [], sinksOff: [] }
  // Before anything is handed over: what is dead-lettered again is so later.
  const askedAt = instant(deps.time.now())
  const sorted = deadLetters.toSorted((a, b) => a.line - b.line)
  const fates = new Map<DeadLetter, Fate>()
  if (first.sink === undefined) await retryRecords(sorted, askedAt, fates, deps)
  else await retryEvents(first.sink, sorted, askedAt, fates, deps)
  const having = (fate: Fate) => sorted.filter((l) => fates.get(l) === fate)
  for (const deadLetter of having('retried')) await deps.noteAction(deadLetter, askedAt)
  return {
    retried: having('retried'),
    stillFaulty: having('stillFaulty'),
    unwanted: having('unwanted'),
    sinksOff: first.sink === undefined || deps.sinks.has(first.sink) ? [] : [first.sink],
  }
}

async function retryEvents(
  sink: string,
  deadLetters: readonly DeadLetter[],
  askedAt: Instant,
  fates: Map<DeadLetter, Fate>,
  deps: RetryDeps,
): Promise<void> {
  // What could not be read is not pending again before it can: it would only die a second time.
  const shown = deadLetters.some(({ fault }) => fault.code === 'archiveUnreadable')
    ? await linesShown(deadLetters[0]?.blob ?? '', deps)
    : undefined
  const readable = deadLetters.filter((l) => shown === undefined || shown.get(l.line)?.includes(modeOf(l)))
  for (const mode of REPLAY_MODES) {
    const wanted = readable.filter((l) => modeOf(l) === mode)
    await handOver(sink, wanted, mode, askedAt, deps)
  }
  for (const deadLetter of deadLetters)
    fates.set(deadLetter, readable.includes(deadLetter) ? 'retried' : 'stillFaulty')
}

const modeOf = ({ replay }: DeadLetter): ReplayMode => replay?.mode ?? 'asArchived'

/** Lines of a blob and how they can be delivered, as far as it can be read. */
async function linesShown(
  blob: string,
  { readBlob }: RetryDeps,
): Promise<ReadonlyMap<number, readonly ReplayMode[]>> {
  const shown = new Map<number, readonly ReplayMode[]>()
  await asFarAsReadable(readBlob(blob), ({ kind, line }) => {
    if (kind !== 'skipped') shown.set(line, kind === 'event' ? REPLAY_MODES : ['renormalise'])
    return true
  })
  return shown
}

/** Gives lines to `take` until it has enough, or until the blob holds no more that can be read. */
async function asFarAsReadable(
  lines: AsyncIterable<ArchiveLine>,
  take: (line: ArchiveLine) => boolean,
): Promise<void> {
  try {
    for await (const line of lines) if (!take(line)) return
  } catch (error) {
    if (unreadableBecause(error) === undefined) throw error
  }
}

async function handOver(
  sink: string,
  deadLetters: readonly DeadLetter[],
  mode: ReplayMode,
  askedAt: Instant,
  { outbox, wakeUps }: RetryDeps,
): Promise<void> {
  const [first] = deadLetters
  if (first === undefined) return
  const outboxPartition = replayPartitionOf(sink, first.position)
  const replayed = deadLetters.filter(({ replay }) => replay !== undefined && replay.isRetry === undefined)
  const unheard = deadLetters.filter((deadLetter) => !replayed.includes(deadLetter))
  await outbox.append(outboxPartition, [
    ...replayRows(replayed, mode, askedAt),
    ...replayRows(unheard, mode, askedAt, true),
  ])
  await wakeUps.send(outboxPartition, 0)
}

async function retryRecords(
  deadLetters: readonly DeadLetter[],
  askedAt: Instant,
  fates: Map<DeadLetter, Fate>,
  deps: RetryDeps,
): Promise<void> {
  const byLine = new Map(deadLetters.map((deadLetter) => [deadLetter.line, deadLetter]))
  const wantedBy = new Map<string, DeadLetter[]>([...deps.sinks.keys()].map((sink) => [sink, []]))
  for (const deadLetter of deadLetters) fates.set(deadLetter, 'stillFaulty')
  let left = byLine.size
  await asFarAsReadable(deps.readBlob(deadLetters[0]?.blob ?? ''), (line) => {
    const deadLetter = byLine.get(line.line)
    if (deadLetter === undefined) return true
    const { events, faults } = renormalise([line], deps.rereader)
    let fate: Fate = events.length === 0 && faults.length > 0 ? 'stillFaulty' : 'unwanted'
    for (const [sink, accepts] of deps.sinks) {
      if (!events.some(({ event }) => accepts(event))) continue
      wantedBy.get(sink)?.push(deadLetter)
      fate = 'retried'
    }
    fates.set(deadLetter, fate)
    left -= 1
    return left > 0
  })
  for (const [sink, wanted] of wantedBy) await handOver(sink, wanted, 'renormalise', askedAt, deps)
}
