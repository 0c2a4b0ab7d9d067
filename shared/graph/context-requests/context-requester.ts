import type { ContextRequest, KnownContext } from './context-request.ts'
import { isNews, knownAfter, subjectKey } from './context-request.ts'
import { requestKey } from './context-table.ts'

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
}

/** A table transaction has at most 100 entities. */
const MAX_TOGETHER = 100
/** Identities that this process remembers; one that it forgot is requested again, and then left out. */
const MAX_REMEMBERED = 10_000
/** More are left to the comparison with Graph. */
const MAX_WAITING = 10_000

export function contextRequester(deps: ContextRequesterDeps): ContextRequester {
  const remembered = new Map<string, KnownContext>()
  let waiting = new Map<string, ContextRequest>()
  let isWriting = false

  function remember(key: string, known: KnownContext): void {
    remembered.delete(key)
    remembered.set(key, known)
    const [oldest] = remembered.keys()
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
  }

  function failed(requests: readonly ContextRequest[], cause: unknown): void {
    for (const request of requests) remembered.delete(subjectKey(request))
    deps.onNotWritten(requests.length, cause)
  }

  async function writeAll(): Promise<void> {
    let written = 0
    while (waiting.size > 0) {
      const all = [...waiting.values()]
      waiting = new Map()
      for (let i = 0; i < all.length; i += MAX_TOGETHER) {
        const some = all.slice(i, i + MAX_TOGETHER)
        try {
          await deps.write(some)
          written += some.length
        } catch (cause) {
          failed(some, cause)
        }
      }
    }
    if (written > 0) await deps.wakeUp()
  }

  return {
    request(requests) {
      for (const request of requests) {
        const key = subjectKey(request)
        const known = remembered.get(key)
        if (!isNews(request, known)) continue
        if (waiting.size >= MAX_WAITING) {
          failed([request], new Error(`${MAX_WAITING} requests wait already`))
          continue
        }
        remember(key, knownAfter(request, known))
        waiting.set(requestKey(request), request)
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
