import type { HttpClient } from '@azure/core-rest-pipeline'
import { retryAfterMs } from '../delivery/retry-after.ts'
import type { Time } from '../domain/time.ts'

/** What a storage may ask for: as long as the clients wait between attempts by themselves. Who needs longer is not waited for. */
const MAX_WAIT_MS = 2000
/** Headers that the SDKs of Azure obey, for however long they say. */
const IN_MS = ['retry-after-ms', 'x-ms-retry-after-ms'] as const

const clamped = (ms: number): string => String(Math.min(MAX_WAIT_MS, Math.max(0, Math.ceil(ms))))

/**
 * An HTTP client for which no service can ask for a long wait: in the middle of a batch, an hour in `Retry-After` would hold its partition
 * for an hour. Those that are asked to wait give up in time, and the batch is run again.
 */
export const impatientClient = (client: HttpClient, time: Pick<Time, 'now'>): HttpClient => ({
  async sendRequest(request) {
    const response = await client.sendRequest(request)
    const { headers } = response
    const waitMs = retryAfterMs(headers.get('retry-after'), time.now())
    headers.delete('retry-after')
    for (const name of IN_MS) {
      const value = headers.get(name)
      if (value === undefined) continue
      if (/^\d+$/.test(value)) headers.set(name, clamped(Number(value)))
      else headers.delete(name)
    }
    if (waitMs !== undefined && !headers.has(IN_MS[0])) headers.set(IN_MS[0], clamped(waitMs))
    return response
  },
})
