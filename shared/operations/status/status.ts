import { RECORDS_FOLDER } from '../../delivery/dead-letters/dead-letter-blobs.ts'
import type { LetterBook } from '../../delivery/dead-letters/dead-letter-store.ts'
import { folderOf } from '../../delivery/dead-letters/dead-letter-store.ts'
import {
  isReplayPage,
  type OutboxPage,
  type OutboxRow,
  type OutboxSurvey,
  type OwingPage,
} from '../../delivery/outbox/outbox.ts'
import type { ReadReceipt } from '../../delivery/receipts/parse-receipt.ts'
import type { Instant } from '../../domain/identifiers.ts'
import type { PartitionProgress } from './partition-lag.ts'
import { type ReadingState, readingState } from './reading-state.ts'

/** What is owed to a sink. */
export interface Owed {
  readonly events: number
  readonly rows: number
  /** When the oldest of it was first tried, or asked for. */
  readonly oldestAt: Instant | undefined
  /** Why the oldest of it is still owed; absent where it was not tried yet. */
  readonly fault: OutboxRow['lastFault']
}

export interface SinkStatus {
  readonly sink: string
  /** Whether it is on by the settings; the debts of one that is off wait for it. */
  readonly on: boolean
  readonly owed: Owed
  /** Owed because an operator asked for it. */
  readonly replaying: Owed
  /** Open ones. */
  readonly deadLetters: number
  readonly lastDelivery: { readonly at: Instant; readonly events: number } | undefined
}

export interface Status {
  readonly partitions: readonly ReadingState[]
  readonly sinks: readonly SinkStatus[]
  /** Open dead letters of records that never became events. */
  readonly faultyRecords: number
  /** Whether there are more dead letters than were counted. */
  readonly countedAll: boolean
  /** Dead letters that cannot be read. */
  readonly unreadableLetters: number
  /** Rows of the outbox that cannot be read: set aside, or about to be. */
  readonly rowsSetAside: number
  /** Pages that a clock which is ahead of this one has taken or put off: the next sweep takes them over. */
  readonly clockAhead: readonly OutboxPage[]
}

export interface StatusSources {
  readonly progress: () => Promise<readonly PartitionProgress[]>
  readonly survey: () => Promise<OutboxSurvey>
  /** The first row of a page. */
  readonly firstRow: (page: OutboxPage) => Promise<OutboxRow | undefined>
  readonly letters: Pick<LetterBook, 'newestFirst' | 'unreadable'>
  /** Sinks by name, and whether each is on. */
  readonly sinks: ReadonlyMap<string, boolean>
  readonly lastDeliveries: (sinks: readonly string[]) => Promise<ReadonlyMap<string, ReadReceipt>>
}

/** Dead letters are counted one by one, up to here. */
export const MAX_LETTERS_COUNTED = 10_000

async function openLetters(letters: Pick<LetterBook, 'newestFirst'>) {
  const byFolder = new Map<string, number>()
  let seen = 0
  for await (const burial of letters.newestFirst()) {
    for (const { letter, state } of burial) {
      seen += 1
      if (state === 'open') byFolder.set(folderOf(letter), (byFolder.get(folderOf(letter)) ?? 0) + 1)
    }
    if (seen >= MAX_LETTERS_COUNTED) return { byFolder, countedAll: false }
  }
  return { byFolder, countedAll: true }
}

async function owedOn(pages: readonly OwingPage[], firstRow: StatusSources['firstRow']): Promise<Owed> {
  const [oldest] = pages.toSorted((a, b) => a.oldestTriedAt - b.oldestTriedAt)
  return {
    events: pages.reduce((sum, p) => sum + p.events, 0),
    rows: pages.reduce((sum, p) => sum + p.rows, 0),
    oldestAt: oldest?.oldestTriedAt,
    fault: oldest === undefined ? undefined : (await firstRow(oldest.page))?.lastFault,
  }
}

/** How the exporter is: how far behind the hub, what it owes, what it gave up on, when each sink took events last. */
export async function status(sources: StatusSources): Promise<Status> {
  const [progress, { owing, strays, setAside }, dead] = await Promise.all([
    sources.progress(),
    sources.survey(),
    openLetters(sources.letters),
  ])
  const names = new Set([...sources.sinks.keys(), ...owing.map(({ page }) => page.sink)])
  const last = await sources.lastDeliveries([...names])
  const sinkStatus = async (sink: string): Promise<SinkStatus> => {
    const pages = owing.filter(({ page }) => page.sink === sink)
    const delivery = last.get(sink)
    return {
      sink,
      on: sources.sinks.get(sink) ?? false,
      owed: await owedOn(
        pages.filter(({ page }) => !isReplayPage(page)),
        sources.firstRow,
      ),
      replaying: await owedOn(
        pages.filter(({ page }) => isReplayPage(page)),
        sources.firstRow,
      ),
      deadLetters: dead.byFolder.get(sink) ?? 0,
      lastDelivery: delivery === undefined ? undefined : { at: delivery.at, events: delivery.delivered },
    }
  }
  return {
    partitions: progress.map(readingState),
    sinks: await Promise.all([...names].map(sinkStatus)),
    faultyRecords: dead.byFolder.get(RECORDS_FOLDER) ?? 0,
    countedAll: dead.countedAll,
    unreadableLetters: sources.letters.unreadable(),
    rowsSetAside: setAside + strays.length,
    clockAhead: owing.filter(({ isLeaseAhead }) => isLeaseAhead).map(({ page }) => page),
  }
}
