import { setTimeout as wait } from 'node:timers/promises'
import { dice } from '../chaos/dice.ts'
import { recordText } from '../chaos/records.ts'
import { HUB, PARTITIONS } from '../stack/names.ts'
import type { Stack } from '../stack/stack.ts'
import { badMessage } from './bad-message.ts'

export const RECORDS_PER_MESSAGE = 10
const SEND_EVERY_MS = 100

/** Sends at a steady pace for as long as it is told to. */
export interface SteadyFeed {
  /** @param badShare how likely a message is malformed */
  send(badShare: number, goesOn: () => boolean | Promise<boolean>): Promise<void>
}

export function steadyFeed(
  { hub }: Pick<Stack, 'hub'>,
  messagesPerSecond: number,
  nowMs: () => number,
): SteadyFeed {
  const chance = dice(1)
  let made = 0
  let sentInAll = 0
  const good = (): Uint8Array => {
    const records = Array.from({ length: RECORDS_PER_MESSAGE }, () => recordText(made++))
    return Buffer.from(`{"records":[${records.join(',')}]}`)
  }
  return {
    async send(badShare, goesOn) {
      const startMs = nowMs()
      let sent = 0
      while (await goesOn()) {
        const due = Math.floor(((nowMs() - startMs) / 1000) * messagesPerSecond)
        for (; sent < due; sent++) {
          const body = chance.chance(badShare) ? badMessage(good(), chance, made++) : good()
          hub.publish(HUB, [body], { partition: String(sentInAll++ % PARTITIONS) })
        }
        await wait(SEND_EVERY_MS)
      }
    },
  }
}
