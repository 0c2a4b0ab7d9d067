import { setTimeout as wait } from 'node:timers/promises'
import { HUB, PARTITIONS } from '../../stack/names.ts'
import type { Stack } from '../../stack/stack.ts'
import type { GeneratedRecords } from '../chaos/generated-records.ts'
import { prng } from '../chaos/prng.ts'
import { recordText } from '../chaos/records.ts'
import { badMessage, survivors } from './bad-message.ts'

export const RECORDS_PER_MESSAGE = 10
const SEND_EVERY_MS = 100

/** Sends messages at a steady rate. */
export interface SteadyFeed {
  /** @param badShare share of malformed messages */
  send(badShare: number, goesOn: () => boolean | Promise<boolean>): Promise<void>
}

export function steadyFeed(
  { hub }: Pick<Stack, 'hub'>,
  messagesPerSecond: number,
  made: GeneratedRecords,
  nowMs: () => number,
): SteadyFeed {
  const chance = prng(1)
  let count = 0
  let sentInAll = 0
  const message = (isBad: boolean): Uint8Array => {
    const records = Array.from({ length: RECORDS_PER_MESSAGE }, () => recordText(count++))
    const good = Buffer.from(`{"records":[${records.join(',')}]}`)
    const body = isBad ? badMessage(good, chance, count++) : good
    return made.note(body, isBad ? survivors(records, good, body) : records)
  }
  return {
    async send(badShare, goesOn) {
      const startMs = nowMs()
      let sent = 0
      while (await goesOn()) {
        const due = Math.floor(((nowMs() - startMs) / 1000) * messagesPerSecond)
        for (; sent < due; sent++) {
          hub.publish(HUB, [message(chance.chance(badShare))], {
            partition: String(sentInAll++ % PARTITIONS),
          })
        }
        await wait(SEND_EVERY_MS)
      }
    },
  }
}
