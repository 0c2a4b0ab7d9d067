import type { Time } from '../../domain/time.ts'
import type { ContextRequest, KnownContext } from './context-request.ts'
import { isNews, knownAfter, rankOf } from './context-request.ts'

/** Requests the context of identities at risk, without anybody waiting for it. */
export interface ContextRequester {
  /**
   * Returns at once, and never throws. What is not news to this process is left out; the rest is
   * written in the background.
   */
  request(requests: readonly ContextRequest[]): void
}

export interface ContextRequesterDeps {
  /** Keeps requests, at most `MAX_TOGETHER`. */
  readonly write: (requests: readonly ContextRequest[]) => Promise<void>
  /** Has somebody read the contexts; never rejects. */
  readonly wakeUp: () => Promise<void>
  /** Called for what could not be written; the next event of each identity asks again. */
  readonly onNotWritten: (requests: number, cause: unknown) => void
  /** Called with what is under way, so that a process that ends waits for it. */
  readonly onWriting: (writing: Promise<void>) => void
  readonly time: Pick<Time, 'sleep'>
}

/** A fifth of what a table transaction takes: making one keeps the processor busy. */
const MAX_TOGETHER = 20
/**
 * Before each transaction, the first one too: a burst passes before any of it is written, and
 * however many identities are at risk at once, ingest has the processor and the storage account for
 * itself. Reading the contexts takes longer anyway: Graph allows about one request a second.
 */
const INTERVAL_MS = 1000
/** Identities that this process remembers; one that it forgot is requested again, and then left out. */
const MAX_REMEMBERED = 10_000
/** More are left to the comparison with Graph. */
const MAX_WAITING = 10_000

/** Cheaper than a table key: it is made for every event at risk. */
const nameOf = ({ tenantId, type, id }: ContextRequest): string => `${tenantId}/${type}/${id}`

export function contextRequester({ time, ...deps }: ContextRequesterDeps): ContextRequester {
  const remembered = new Map<string, KnownContext>()
  const waiting = new Map<string, ContextRequest>()
  let isWriting = false
  let leftOut = 0

  function remember(key: string, known: KnownContext): void {
    remembered.delete(key)
    remembered.set(key, known)
    const [oldest] = remembered.keys()
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
  }

  function failed(requests: readonly ContextRequest[], cause: unknown): void {
    for (const request of requests) remembered.delete(nameOf(request))
    deps.onNotWritten(requests.length, cause)
  }

  /** The next requests, no longer waiting. */
  function take(): readonly ContextRequest[] {
    const some = [...waiting].slice(0, MAX_TOGETHER)
    for (const [key] of some) waiting.delete(key)
    return some.map(([, request]) => request)
  }

  async function writeAll(): Promise<void> {
    let isAnyWritten = false
    while (waiting.size > 0) {
      await time.sleep(INTERVAL_MS)
      if (leftOut > 0) deps.onNotWritten(leftOut, new Error(`${MAX_WAITING} requests wait already`))
      leftOut = 0
      const some = take()
      try {
        await deps.write(some)
        isAnyWritten = true
      } catch (cause) {
        failed(some, cause)
      }
    }
    if (isAnyWritten) await deps.wakeUp()
  }

  return {
    request(requests) {
      for (const request of requests) {
        const key = nameOf(request)
        const known = remembered.get(key)
        if (!isNews(request, known)) continue
        if (waiting.size >= MAX_WAITING) {
          leftOut += 1
          continue
        }
        remember(key, knownAfter(request, known))
        // As the table tells requests apart.
        waiting.set(`${key}/${rankOf(request)}/${request.keyIds.join()}`, request)
      }
      if (isWriting || waiting.size === 0) return
      isWriting = true
      const writing = writeAll().finally(() => {
        isWriting = false
      })
      deps.onWriting(writing)
    },
  }
}
