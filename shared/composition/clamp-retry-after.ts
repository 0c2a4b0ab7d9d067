import type { HttpClient } from '@azure/core-rest-pipeline'
import type { Time } from '../domain/time.ts'
import { retryAfterMs } from '../encoding/retry-after.ts'

/** The longest wait a service may ask for: as long as the clients wait between attempts anyway. */
const MAX_WAIT_MS = 2000
/** Headers that the Azure SDKs obey without an upper bound. */
const IN_MS = ['retry-after-ms', 'x-ms-retry-after-ms'] as const

const clamped = (ms: number): string => String(Math.min(MAX_WAIT_MS, Math.max(0, Math.ceil(ms))))

/**
 * An HTTP client that shortens requested waits. An hour of `Retry-After`, obeyed in the middle of a
 * batch, would block its partition for an hour; instead the call fails in time, and the host reruns
 * the batch.
 */
export const clampRetryAfter = (client: HttpClient, time: Pick<Time, 'now'>): HttpClient => ({
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
