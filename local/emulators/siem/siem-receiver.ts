import { type ScriptedReceiver, startScriptedReceiver } from '../http/scripted-receiver.ts'
import { Intake } from './intake.ts'
import type { KeptRequest } from './kept-requests.ts'
import type { SiemReceiverOptions } from './receiver-options.ts'

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
  const intake = new Intake(options)
  const { origin, ...server } = await startScriptedReceiver(intake, options)
  return {
    ...server,
    url: `${origin}${intake.form.path}`,
    received: () => intake.counter.received,
    eventIds: () => intake.counter.times,
    repeatedRequests: () => intake.counter.repeatedRequests,
    refusals: () => intake.refusals,
    kept: () => intake.kept.latest,
  }
}
