import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { DURABLE_STEPS } from '../../../shared/delivery/durable-step.ts'
import type { Stack } from '../../stack/stack.ts'
import type { Dice } from '../dice.ts'
import type { Hosts } from './hosts.ts'
import { spoilOne } from './moods.ts'
import type { UpsetLog } from './upset-log.ts'

export interface TroubleMaker {
  /** Does one thing that should not happen. */
  next(): Promise<void>
  /** Faults made so far, kills of hosts not among them. */
  faults(): number
  /** Waits for what takes its time. */
  rest(): Promise<void>
}

interface Surroundings {
  readonly stack: Stack
  readonly hosts: Hosts
  readonly dice: Dice
  readonly log: UpsetLog
  readonly say: (line: string) => void
}

const LONG_OUTAGE_MS = 12_000

/** Makes trouble of all kinds, at most one freeze of the storage at a time. */
export function troubleMaker({ stack, hosts, dice, log, say }: Surroundings): TroubleMaker {
  let faults = 0
  const lasting = new Set<Promise<void>>()
  const last = (work: () => Promise<void>): void => {
    const ends = work().finally(() => lasting.delete(ends))
    lasting.add(ends)
  }
  const fault = (what: string): void => {
    faults++
    say(what)
  }

  /** What is wrong with the host that is started next. */
  function environment(): Readonly<Record<string, string>> {
    if (dice.chance(0.15)) return { WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}` }
    if (dice.chance(0.6)) return { CRASH_AT: `${dice.pick(DURABLE_STEPS)}:${1 + dice.below(15)}` }
    return {}
  }

  async function freezeStorage(): Promise<void> {
    const ms = 300 + dice.below(3500)
    fault(`storage frozen for ${ms} ms`)
    await log.during('storage frozen', async () => {
      await stack.azurite.pause()
      await wait(ms)
      await stack.azurite.resume()
    })
  }

  function spoil(ms: number): void {
    const { what, heal } = spoilOne(stack, dice)
    fault(`${what} for ${ms} ms`)
    last(async () => {
      await wait(ms)
      heal()
    })
  }

  return {
    faults: () => faults,
    async next() {
      const roll = dice.random()
      if (roll < 0.2) await hosts.kill(0)
      else if (roll < 0.3) {
        fault('AMQP connections dropped')
        log.strike('AMQP connections dropped')
        stack.hub.dropConnections()
      } else if (roll < 0.42) await freezeStorage()
      else if (roll < 0.8) spoil(500 + dice.below(4000))
      else if (roll < 0.85) spoil(LONG_OUTAGE_MS)
      else if (hosts.isRunning(1)) await hosts.kill(1)
      else last(() => hosts.start(1, environment()))
      // Whatever died is there again before long, as a platform would have it.
      if (!hosts.isRunning(0)) await hosts.start(0, environment())
    },
    async rest() {
      await Promise.all(lasting)
    },
  }
}
