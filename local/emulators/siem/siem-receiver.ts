import { type ScriptedReceiver, startScriptedReceiver } from '../http/scripted-receiver.ts'
import type { KeptRequest } from './kept-requests.ts'
import type { SiemReceiverOptions } from './receiver-options.ts'
import { SiemService } from './siem-service.ts'

/**
 * A SIEM on 127.0.0.1 that verifies, decompresses, parses and counts deliveries (POST requests
 * only), and misbehaves on demand.
 */
export interface SiemReceiver extends ScriptedReceiver {
  /** URL for POSTing events. */
  readonly url: string
  /** Events stored so far, duplicates included. */
  received(): number
  /** Number of times each event was stored. */
  eventIds(): ReadonlyMap<string, number>
  /** Valid requests whose `webhook-id` had been stored before. */
  repeatedRequests(): number
  /** Why requests were refused, the last hundred; without scripted refusals. */
  refusals(): readonly string[]
  /** The latest stored requests. */
  kept(): readonly KeptRequest[]
}

export async function startSiemReceiver(options: SiemReceiverOptions): Promise<SiemReceiver> {
  const service = new SiemService(options)
  const { origin, ...server } = await startScriptedReceiver(service, options)
  return {
    ...server,
    url: `${origin}${service.form.path}`,
    received: () => service.counter.received,
    eventIds: () => service.counter.times,
    repeatedRequests: () => service.counter.repeatedRequests,
    refusals: () => service.refusals,
    kept: () => service.kept.latest,
  }
}
