import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { TableClient } from '@azure/data-tables'
import { FAILPOINTS, SEAL_FAILPOINTS } from '../../../../shared/delivery/failpoint.ts'
import { HUB, PARTITIONS } from '../../../stack/names.ts'
import type { Stack } from '../../../stack/stack.ts'
import { writeUnreadableRow, writeUnreadableSettled } from '../garbage.ts'
import type { Prng } from '../prng.ts'
import { misbehave } from './behaviours.ts'
import type { DisruptionLog } from './disruption-log.ts'
import type { Hosts } from './hosts.ts'

export interface Disruptor {
  /** Causes one disruption. */
  next(): Promise<void>
  /** Faults caused so far, apart from killed hosts. */
  faults(): number
  /** Waits for disruptions still in progress. */
  rest(): Promise<void>
}

interface DisruptorOptions {
  readonly stack: Stack
  readonly hosts: Hosts
  readonly prng: Prng
  readonly log: DisruptionLog
  readonly say: (line: string) => void
}

const LONG_OUTAGE_MS = 12_000
/** Longer than any run, so that times written by a wrong clock can be recognised. */
const WRONG_BY_MS = [365 * 86_400_000, 4 * 86_400_000, -2 * 86_400_000] as const
const WRONG_FOR_MS = 8000
const SINKS = ['log-analytics', 'webhook'] as const

/** Causes disruptions of all kinds, with at most one freeze of the storage at a time. */
export function disruptor({ stack, hosts, prng, log, say }: DisruptorOptions): Disruptor {
  let faults = 0
  const lasting = new Set<Promise<void>>()
  const last = (work: () => Promise<void>): void => {
    const outcomes = work().finally(() => lasting.delete(outcomes))
    lasting.add(outcomes)
  }
  const tableOf = (name: string): TableClient =>
    TableClient.fromConnectionString(stack.azurite.connectionString, name, { allowInsecureConnection: true })
  const tables = { outbox: tableOf('outbox'), settledRanges: tableOf('settled') }
  const fault = (what: string): void => {
    faults++
    say(what)
  }

  /** Environment of the next host, which may be faulty. */
  function environment(): Readonly<Record<string, string>> {
    if (prng.chance(0.15)) return { WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}` }
    if (prng.chance(0.15)) return wrongClock()
    if (prng.chance(0.6))
      return { CRASH_AT: `${prng.pick([...FAILPOINTS, ...SEAL_FAILPOINTS])}:${1 + prng.below(15)}` }
    return {}
  }

  /** Environment of a process whose clock is corrected before long. */
  function wrongClock(): Readonly<Record<string, string>> {
    const aheadMs = prng.pick(WRONG_BY_MS)
    fault(`a clock ${aheadMs} ms ahead`)
    last(() => log.during('a clock was wrong', () => wait(WRONG_FOR_MS)))
    return { CLOCK_AHEAD: `${aheadMs}:${WRONG_FOR_MS}` }
  }

  async function writeGarbage(): Promise<void> {
    const outboxPartition = {
      sink: prng.pick(SINKS),
      namespace: 'localhost',
      hub: HUB,
      partition: String(prng.below(PARTITIONS)),
    }
    if (prng.chance(0.5)) return fault(await writeUnreadableRow(tables, outboxPartition, prng))
    fault(await writeUnreadableSettled(tables, outboxPartition, prng))
    log.strike('garbage for settled ranges')
  }

  async function freezeStorage(): Promise<void> {
    const ms = 300 + prng.below(3500)
    fault(`storage frozen for ${ms} ms`)
    await log.during('storage frozen', async () => {
      await stack.azurite.pause()
      await wait(ms)
      await stack.azurite.resume()
    })
  }

  function spoil(ms: number): void {
    const { what, heal } = misbehave(stack, prng)
    fault(`${what} for ${ms} ms`)
    last(async () => {
      await wait(ms)
      heal()
    })
  }

  return {
    faults: () => faults,
    async next() {
      const roll = prng.random()
      if (roll < 0.2) await hosts.kill(0)
      else if (roll < 0.3) {
        fault('AMQP connections dropped')
        log.strike('AMQP connections dropped')
        stack.hub.dropConnections()
      } else if (roll < 0.4) await freezeStorage()
      else if (roll < 0.46) await writeGarbage()
      else if (roll < 0.8) spoil(500 + prng.below(4000))
      else if (roll < 0.85) spoil(LONG_OUTAGE_MS)
      else if (hosts.isRunning(1)) await hosts.kill(1)
      else last(() => hosts.start(1, environment()))
      // A dead host is soon restarted, as by the platform.
      if (!hosts.isRunning(0)) await hosts.start(0, environment())
    },
    async rest() {
      await Promise.all(lasting)
    },
  }
}
