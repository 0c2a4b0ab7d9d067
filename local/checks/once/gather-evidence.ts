import { HUB } from '../../stack/names.ts'
import type { Stack } from '../../stack/stack.ts'
import type { Evidence } from '../verify/evidence.ts'
import { parseCloudEvents } from '../verify/parse-received.ts'
import type { Received } from '../verify/received.ts'
import { deadLetters, pendingPointers, storedBlobs } from './collect.ts'
import { receivedAt } from './received-at.ts'
import type { Stores } from './stores.ts'

type ObservedStack = Pick<Stack, 'directory'> & { readonly hub: Pick<Stack['hub'], 'messages'> }

/**
 * Collects evidence from outside.
 * @param madeIn the intact records of a body, as its generator knows them
 * @param parseBody reads what is POSTed to the webhook
 */
export async function gatherEvidence(
  { hub, directory }: ObservedStack,
  stores: Stores,
  madeIn: (body: Uint8Array) => readonly string[] = () => [],
  parseBody: (body: string) => readonly Received[] = parseCloudEvents,
): Promise<Evidence> {
  return {
    sent: [...hub.messages(HUB)].map((message) => ({ ...message, made: madeIn(message.body) })),
    archive: await storedBlobs(stores.archive),
    sinks: await receivedAt(directory, parseBody),
    pending: await pendingPointers(stores.outbox),
    deadLetters: await deadLetters(stores.deadLetters),
  }
}
