import { type Instant, instant } from '../../domain/identifiers.ts'
import type { Time } from '../../domain/time.ts'
import type { CollectedContext, ContextSubject } from '../context/collect-context.ts'
import type { StateBlob } from '../state-blob.ts'
import { isNews, type KnownContext, knownAfter, rankOf, subjectKey } from './context-request.ts'
import type { ContextState, ContextTable, WaitingRequest } from './context-table.ts'
import { lackingIn } from './lacking.ts'

/** What a run has done. */
export interface ContextsRead {
  readonly read: number
  /** Requests that brought nothing new. */
  readonly leftOut: number
  /** Identities given up on: Graph has not answered for `MAX_WAIT_MS`. */
  readonly givenUp: number
  /** Identities whose context is still to be read. */
  readonly waiting: number
  /** Permissions and licences that the run has missed for the first time. */
  readonly newlyLacking: readonly string[]
  /** Why it stopped before everything was read. */
  readonly stoppedBy?: 'graph' | 'hourly' | 'time'
}

export interface ReadContextsDeps {
  readonly table: ContextTable
  readonly lease: Pick<StateBlob, 'withLease'>
  readonly collect: (
    subject: ContextSubject,
    at: Instant,
    signal: AbortSignal,
  ) => Promise<CollectedContext | 'unavailable'>
  /** Sends the record of a context to the hub. */
  readonly send: (subject: ContextSubject, collected: CollectedContext, at: Instant) => Promise<void>
  /** Most contexts in an hour. */
  readonly perHour: number
  readonly time: Pick<Time, 'now' | 'monotonicMs'>
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/**
 * After this no further context is begun: the comparison with Graph waits for the same lease, and
 * gets it before the next run.
 */
const RUN_MS = 45_000
/** After Graph or the hub did not answer. */
const PAUSE_MS = 5 * 60_000
/** As long as events are pending for a sink. */
const MAX_WAIT_MS = 72 * HOUR_MS

/** Whether anything may be read now. */
export const isDue = ({ hour, inHour, notBefore = instant(0) }: ContextState, perHour: number, now: number) =>
  now >= notBefore && (hour !== hourOf(now) || inHour < perHour)

const hourOf = (now: number): number => Math.floor(now / HOUR_MS)

/** The requests of one identity. */
type Group = readonly [WaitingRequest, ...WaitingRequest[]]

/** Identities in the order in which they are read: those that failed last, else the most severe first. */
function inOrder(waiting: readonly WaitingRequest[]): readonly Group[] {
  const groups = new Map<string, [WaitingRequest, ...WaitingRequest[]]>()
  for (const one of waiting) {
    const group = groups.get(subjectKey(one.request))
    if (group === undefined) groups.set(subjectKey(one.request), [one])
    else group.push(one)
  }
  const worst = (group: Group): number => Math.max(...group.map(({ request }) => rankOf(request)))
  const attempts = (group: Group): number => Math.max(...group.map((one) => one.attempts))
  const oldest = (group: Group): number => Math.min(...group.map(({ askedAt }) => askedAt))
  return [...groups.values()].sort(
    (a, b) => attempts(a) - attempts(b) || worst(b) - worst(a) || oldest(a) - oldest(b),
  )
}

/**
 * Reads the contexts that were requested, the most severe first, and sends each to the hub. One
 * process at a time, which holds the lease that the comparison with Graph takes.
 * @returns `busy` if another process holds it; `notDue` if nothing may be read now. Requests wait.
 */
export async function readContexts(
  deps: ReadContextsDeps,
  signal: AbortSignal,
): Promise<ContextsRead | 'busy' | 'notDue'> {
  if (!isDue(await deps.table.state(), deps.perHour, deps.time.now())) return 'notDue'
  return deps.lease.withLease((_, __, working) => new Run(deps, working).toEnd(), signal)
}

type Left = Pick<ContextsRead, 'waiting' | 'stoppedBy'>

/** One holding of the lease. */
class Run {
  readonly #deps: ReadContextsDeps
  readonly #signal: AbortSignal
  readonly #endMs: number
  #state: ContextState = { hour: 0, inHour: 0, lacking: [] }
  #read = 0
  #leftOut = 0
  #givenUp = 0
  readonly #newlyLacking = new Set<string>()

  constructor(deps: ReadContextsDeps, signal: AbortSignal) {
    this.#deps = deps
    this.#signal = signal
    this.#endMs = deps.time.monotonicMs() + RUN_MS
  }

  async toEnd(): Promise<ContextsRead> {
    const { table } = this.#deps
    this.#state = await table.state()
    let groups = inOrder(await table.waiting())
    let left: Left = { waiting: 0 }
    while (groups.length > 0 && left.stoppedBy === undefined) {
      left = await this.#readAll(groups)
      // More may have come meanwhile.
      if (left.stoppedBy === undefined) groups = inOrder(await table.waiting())
    }
    return {
      ...left,
      read: this.#read,
      leftOut: this.#leftOut,
      givenUp: this.#givenUp,
      newlyLacking: [...this.#newlyLacking],
    }
  }

  async #readAll(groups: readonly Group[]): Promise<Left> {
    const { table, perHour, time } = this.#deps
    for (const [index, group] of groups.entries()) {
      const waiting = groups.length - index
      if (this.#signal.aborted || time.monotonicMs() >= this.#endMs) return { stoppedBy: 'time', waiting }
      const known = await table.known(group[0].request)
      const isNew = group.some(({ request }) => isNews(request, known))
      if (!isNew || group.every(({ askedAt }) => time.now() - askedAt > MAX_WAIT_MS)) {
        if (isNew) this.#givenUp += 1
        else this.#leftOut += group.length
        await table.remove(group)
        continue
      }
      if (!isDue(this.#state, perHour, time.now())) return { stoppedBy: 'hourly', waiting }
      const stoppedBy = await this.#collect(group, known).catch(async (error: unknown) => {
        await this.#postpone(group)
        throw error
      })
      if (stoppedBy !== undefined) return { stoppedBy, waiting }
    }
    return { waiting: 0 }
  }

  async #collect(group: Group, before: KnownContext | undefined): Promise<'time' | 'graph' | undefined> {
    const { table, collect, send, time } = this.#deps
    const requests = group.map(({ request }) => request).sort((a, b) => rankOf(b) - rankOf(a) || b.at - a.at)
    const worst = requests[0] ?? group[0].request
    const known = requests.reduceRight<KnownContext | undefined>((so, one) => knownAfter(one, so), before)
    const at = instant(time.now())
    const { keyIds: _, at: __, ...identity } = worst
    const subject: ContextSubject = { ...identity, namedKeyIds: known?.keyIds ?? [] }
    const collected = await collect(subject, at, this.#signal)
    if (collected === 'unavailable') {
      // Where the run itself was ended, Graph may be well.
      if (this.#signal.aborted) return 'time'
      await this.#postpone(group)
      return 'graph'
    }
    await send(subject, collected, at)
    await table.setKnown(worst, { rank: rankOf(worst), keyIds: [], ...known, at })
    await table.remove(group)
    this.#read += 1
    const { hour, inHour, lacking, lastReadAt = at } = this.#state
    const missed = lackingIn(collected.sections)
    for (const one of missed) if (!lacking.includes(one)) this.#newlyLacking.add(one)
    // Not all identities need all permissions: they are noted for a day.
    const isSameDay = Math.floor(lastReadAt / DAY_MS) === Math.floor(at / DAY_MS)
    const now = hourOf(time.now())
    await this.#save({
      hour: now,
      inHour: now === hour ? inHour + 1 : 1,
      lastReadAt: at,
      lacking: [...new Set([...(isSameDay ? lacking : []), ...missed])].sort(),
    })
    return undefined
  }

  /** Others go first, and all after a pause. */
  async #postpone(group: Group): Promise<void> {
    const { table, time } = this.#deps
    await table.postpone(group)
    await this.#save({ notBefore: instant(time.now() + PAUSE_MS) })
  }

  async #save(changed: Partial<ContextState>): Promise<void> {
    const { notBefore: _, ...rest } = this.#state
    this.#state = { ...rest, ...changed }
    await this.#deps.table.setState(this.#state)
  }
}
