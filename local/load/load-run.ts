import { setTimeout as wait } from 'node:timers/promises'
import { dice } from '../chaos/dice.ts'
import { malformed, recordText } from '../chaos/records.ts'
import { judgeWall } from '../chaos/wall/evidence.ts'
import { archiveLines, blobNames } from '../harness/collect.ts'
import { isSettled } from '../harness/settled.ts'
import { type Stores, storesOf } from '../harness/stores.ts'
import { refuse } from '../receiver/receiver-step.ts'
import { HUB, PARTITIONS } from '../stack/names.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { type Landing, type Latencies, latenciesWithin } from './latencies.ts'
import { residentMb } from './resident-memory.ts'

export interface LoadOptions {
  readonly messagesPerSecond: number
  readonly calmSeconds: number
  readonly outageSeconds: number
  readonly badSeconds: number
  readonly nowMs: () => number
  readonly say: (line: string) => void
}

/** What a stretch of the run was like for the sink that is well, and for the process. */
export interface Stretch {
  readonly wellSink: Latencies
  readonly peakRssMb: number
}

export interface LoadRun {
  readonly calm: Stretch
  /** The other sink is down all along. */
  readonly outage: Stretch
  /** A tenth of the messages is malformed. */
  readonly badInput: Stretch
  readonly drain: { readonly events: number; readonly seconds: number; readonly eventsPerSecond: number }
  readonly sent: number
  readonly lost: number
  readonly problems: readonly string[]
}

const RECORDS_PER_MESSAGE = 10
const SEND_EVERY_MS = 100
const POLL_MS = 100
const SETTLE_MS = 90_000
const WELL = 'log-analytics'
const SETTINGS = { HEARTBEAT_SCHEDULE: '0 0 0 29 2 *', REDELIVERY_MAX_BACKOFF_SECONDS: '5' }

/** Sends at a steady pace for some seconds, `badShare` of it malformed; sampled every second for the host's memory. */
function steadyFeed(stack: Stack, messagesPerSecond: number, nowMs: () => number) {
  const chance = dice(1)
  let made = 0
  const good = (): Uint8Array => {
    const records = Array.from({ length: RECORDS_PER_MESSAGE }, () => recordText(made++))
    return Buffer.from(`{"records":[${records.join(',')}]}`)
  }
  return async (seconds: number, badShare: number): Promise<void> => {
    const startMs = nowMs()
    let sent = 0
    while (nowMs() - startMs < seconds * 1000) {
      const due = Math.floor(((nowMs() - startMs) / 1000) * messagesPerSecond)
      for (; sent < due; sent++) {
        const body = chance.chance(badShare) ? malformed(chance) : good()
        stack.hub.publish(HUB, [body], { partition: String(sent % PARTITIONS) })
      }
      await wait(SEND_EVERY_MS)
    }
  }
}

async function untilSettled(stack: Stack, { checkpoints, outbox }: Stores, nowMs: () => number) {
  const deadlineMs = nowMs() + SETTLE_MS
  const last = new Map(stack.hub.partitionState(HUB).map((p) => [p.partition, p.lastSequenceNumber]))
  while (!(await isSettled(last, checkpoints, outbox))) {
    if (nowMs() > deadlineMs) throw new Error('The program did not come to an end in time.')
    await wait(POLL_MS)
  }
}

/** Loads the built program steadily: in calm, through a long outage of one sink, and with bad input; then judges from outside. */
export async function loadRun(options: LoadOptions): Promise<LoadRun> {
  const { nowMs, say } = options
  const stored = new Map<string, number>()
  let othersStored: number[] = []
  const stack = await startStack({
    nowMs,
    settings: SETTINGS,
    onStored(sink, { eventIds, atMs }) {
      if (sink !== WELL) for (const _ of eventIds) othersStored.push(atMs)
      else for (const id of eventIds) if (!stored.has(id)) stored.set(id, atMs)
    },
  })
  const stores = storesOf(stack.azurite.connectionString, nowMs)
  try {
    const host = await stack.startHost(() => undefined)
    const feed = steadyFeed(stack, options.messagesPerSecond, nowMs)
    const stretch = async (name: string, seconds: number, badShare: number) => {
      say(`${name}, ${seconds} s`)
      const fromMs = nowMs()
      let peakRssMb = 0
      let over = false
      const sampling = (async () => {
        while (!over) {
          peakRssMb = Math.max(peakRssMb, await residentMb(host.pid))
          await wait(1000)
        }
      })()
      await feed(seconds, badShare)
      over = true
      await sampling
      return { fromMs, toMs: nowMs(), peakRssMb }
    }
    await stretch('warming up', 3, 0)
    const calm = await stretch('calm', options.calmSeconds, 0)
    stack.siem.always(refuse(503))
    const outage = await stretch('outage of the webhook', options.outageSeconds, 0)
    await untilRead(stack, stores, nowMs)
    const owed = (await stores.outbox.owing()).reduce((sum, page) => sum + page.events, 0)
    say(`${owed} events are owed; the webhook is well again`)
    othersStored = []
    stack.siem.always(undefined)
    await untilSettled(stack, stores, nowMs)
    const drainMs = Math.max(1, (othersStored.at(-1) ?? 0) - (othersStored[0] ?? 0))
    const bad = await stretch('a tenth of the messages malformed', options.badSeconds, 0.1)
    await untilSettled(stack, stores, nowMs)
    await host.stop()

    const { lost, problems } = await judgeWall(stack, stores)
    const landings = await landingsOf(stores, stored)
    const report = ({ fromMs, toMs, peakRssMb }: typeof calm): Stretch => ({
      wellSink: latenciesWithin(landings, fromMs, toMs),
      peakRssMb,
    })
    return {
      calm: report(calm),
      outage: report(outage),
      badInput: report(bad),
      drain: {
        events: owed,
        seconds: Math.round(drainMs / 100) / 10,
        eventsPerSecond: Math.round((owed / drainMs) * 1000),
      },
      sent: [...stack.hub.messages(HUB)].length,
      lost,
      problems,
    }
  } finally {
    await stack.stop()
  }
}

/** Waits until the host has read all that was sent; what is owed may stay so. */
const untilRead = (stack: Stack, stores: Stores, nowMs: () => number): Promise<void> =>
  untilSettled(stack, { ...stores, outbox: { ...stores.outbox, owing: async () => [] } }, nowMs)

async function landingsOf(
  { archive }: Stores,
  stored: ReadonlyMap<string, number>,
): Promise<readonly Landing[]> {
  const lines = await archiveLines(archive, await blobNames(archive))
  return lines.flatMap((line) => {
    const storedAtMs = line.kind === 'event' ? stored.get(line.archived.event.eventId) : undefined
    return storedAtMs === undefined ? [] : [{ enqueuedAtMs: line.position.enqueuedAt, storedAtMs }]
  })
}
