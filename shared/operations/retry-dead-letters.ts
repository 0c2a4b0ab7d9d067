import type { ArchiveLine } from '../archive/archive-line.ts'
import type { DeadLetter } from '../delivery/dead-letters/dead-letter.ts'
import {
  type Doorbell,
  type Outbox,
  REPLAY_MODES,
  type ReplayMode,
  replayPageOf,
} from '../delivery/outbox/outbox.ts'
import { replayRows } from '../delivery/outbox/replay-rows.ts'
import type { ExportedEvent } from '../domain/exported-event.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'
import { type Rereader, renormalise } from '../pipeline/redeliver/renormalise.ts'
import { unreadableBecause } from '../pipeline/redeliver/unreadable.ts'

export interface RetryDeps {
  /** The lines of an archive blob. */
  readonly readBlob: (blob: string) => AsyncIterable<ArchiveLine>
  readonly rereader: Rereader
  readonly outbox: Pick<Outbox, 'append'>
  readonly doorbell: Doorbell
  /** Sinks that are on, and what each is to get by its settings. */
  readonly sinks: ReadonlyMap<string, (event: ExportedEvent) => boolean>
  readonly time: Pick<Time, 'now'>
  /** Notes that a letter was retried, and when that was asked for. */
  readonly mark: (letter: DeadLetter, at: Instant) => Promise<void>
}

/** What became of letters that were to be retried. */
export interface RetryReport {
  /** Handed over to their sinks. */
  readonly retried: readonly DeadLetter[]
  /** Records that today's code cannot normalise either, and those that the archive still cannot show: nothing was handed over. */
  readonly stillFaulty: readonly DeadLetter[]
  /** Records that no sink is to get by its settings. */
  readonly unwanted: readonly DeadLetter[]
  /** Letters of a sink that is off: handed over, and waiting for it. */
  readonly sinksOff: readonly string[]
}

type Fate = 'retried' | 'stillFaulty' | 'unwanted'

/**
 * Hands dead letters of one burial to their sinks' ledgers: events as archived, records that never became events by the code of the day
 * to every sink that is on. The letters stay, marked as retried.
 * @param letters of one archive blob and one sink (or none), by rising line
 */
export async function retryLetters(letters: readonly DeadLetter[], deps: RetryDeps): Promise<RetryReport> {
  const [first] = letters
  if (first === undefined) return { retried: [], stillFaulty: [], unwanted: [], sinksOff: [] }
  // Before anything is handed over: what dies again dies later.
  const askedAt = instant(deps.time.now())
  const sorted = letters.toSorted((a, b) => a.line - b.line)
  const fates = new Map<DeadLetter, Fate>()
  if (first.sink === undefined) await retryRecords(sorted, askedAt, fates, deps)
  else await retryEvents(first.sink, sorted, askedAt, fates, deps)
  const having = (fate: Fate) => sorted.filter((l) => fates.get(l) === fate)
  for (const letter of having('retried')) await deps.mark(letter, askedAt)
  return {
    retried: having('retried'),
    stillFaulty: having('stillFaulty'),
    unwanted: having('unwanted'),
    sinksOff: first.sink === undefined || deps.sinks.has(first.sink) ? [] : [first.sink],
  }
}

async function retryEvents(
  sink: string,
  letters: readonly DeadLetter[],
  askedAt: Instant,
  fates: Map<DeadLetter, Fate>,
  deps: RetryDeps,
): Promise<void> {
  // What could not be read is not owed again before it can: it would only die a second time.
  const shown = letters.some(({ fault }) => fault.code === 'archiveUnreadable')
    ? await linesShown(letters[0]?.blob ?? '', deps)
    : undefined
  const readable = letters.filter((l) => shown === undefined || shown.get(l.line)?.includes(modeOf(l)))
  for (const mode of REPLAY_MODES) {
    const wanted = readable.filter((l) => modeOf(l) === mode)
    await handOver(sink, wanted, mode, askedAt, deps)
  }
  for (const letter of letters) fates.set(letter, readable.includes(letter) ? 'retried' : 'stillFaulty')
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
  letters: readonly DeadLetter[],
  mode: ReplayMode,
  askedAt: Instant,
  { outbox, doorbell }: RetryDeps,
): Promise<void> {
  const [first] = letters
  if (first === undefined) return
  const page = replayPageOf(sink, first.position)
  await outbox.append(page, replayRows(letters, mode, askedAt))
  await doorbell.ring(page, 0)
}

async function retryRecords(
  letters: readonly DeadLetter[],
  askedAt: Instant,
  fates: Map<DeadLetter, Fate>,
  deps: RetryDeps,
): Promise<void> {
  const byLine = new Map(letters.map((letter) => [letter.line, letter]))
  const wantedBy = new Map<string, DeadLetter[]>([...deps.sinks.keys()].map((sink) => [sink, []]))
  for (const letter of letters) fates.set(letter, 'stillFaulty')
  let left = byLine.size
  await asFarAsReadable(deps.readBlob(letters[0]?.blob ?? ''), (line) => {
    const letter = byLine.get(line.line)
    if (letter === undefined) return true
    const { events, faults } = renormalise([line], deps.rereader)
    let fate: Fate = events.length === 0 && faults.length > 0 ? 'stillFaulty' : 'unwanted'
    for (const [sink, accepts] of deps.sinks) {
      if (!events.some(({ event }) => accepts(event))) continue
      wantedBy.get(sink)?.push(letter)
      fate = 'retried'
    }
    fates.set(letter, fate)
    left -= 1
    return left > 0
  })
  for (const [sink, wanted] of wantedBy) await handOver(sink, wanted, 'renormalise', askedAt, deps)
}
