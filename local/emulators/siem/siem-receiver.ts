import { type ScriptedReceiver, startScriptedReceiver } from '../http/scripted-receiver.ts'
import { Intake } from './intake.ts'
import type { KeptRequest } from './kept-requests.ts'
import type { SiemReceiverOptions } from './receiver-options.ts'

/**
 * A SIEM on 127.0.0.1 that verifies, unpacks, parses, counts and misbehaves on demand. Only POST
 * requests are deliveries.
 */
export interface SiemReceiver extends ScriptedReceiver {
  /** Where events are POSTed. */
  readonly url: string
  /** Events stored so far, duplicates included. */
  received(): number
  /** How often each event was stored. */
  eventIds(): ReadonlyMap<string, number>
  /** Genuine requests whose `webhook-id` had been stored before. */
  repeatedRequests(): number
  /** Why requests were refused, the latest hundred; scripted refusals are not among them. */
  refusals(): readonly string[]
  /** The latest stored requests. */
  kept(): readonly KeptRequest[]
}

/** Starts the receiver. */
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
