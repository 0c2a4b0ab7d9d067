import { refuse } from '../../emulators/http/receiver-step.ts'
import { HUB } from '../../stack/names.ts'
import { GeneratedRecords } from '../chaos/generated-records.ts'
import type { PlannedPhase } from './load-plan.ts'
import { type Drain, type LoadRun, LoadTally } from './load-tally.ts'
import { type LoadWorld, startLoadWorld } from './load-world.ts'
import { observe, type Phase } from './phase.ts'
import { untilSettled } from './settling.ts'
import { type SteadyFeed, steadyFeed } from './steady-feed.ts'
import { PartVerifier } from './verified-part.ts'

export interface LoadOptions {
  readonly plan: readonly PlannedPhase[]
  readonly messagesPerSecond: number
  /** Node options of the host. */
  readonly nodeOptions: readonly string[]
  readonly nowMs: () => number
  readonly say: (line: string) => void
}

const BAD_SHARE = 0.1
const DRAIN_MS = 120_000

/**
 * Loads the built program steadily, alternating calm and disturbed phases, and verifies from
 * outside.
 * @throws Error if it cannot run or does not finish
 */
export async function loadRun(options: LoadOptions): Promise<LoadRun> {
  const { nowMs, say } = options
  const startedMs = nowMs()
  const world = await startLoadWorld(options)
  try {
    const { stack, stores } = world
    const made = new GeneratedRecords()
    const feed = steadyFeed(stack, options.messagesPerSecond, made, nowMs)
    const verifier = new PartVerifier(stack, stores, made)
    const tally = new LoadTally(world.storedAtMs)
    for (const planned of options.plan) {
      say(`${planned.kind}, ${planned.seconds} s`)
      const phases = await runPhase(planned, world, feed, options, (drain) => tally.drained(drain))
      await untilSettled(stack, stores, nowMs)
      tally.add(phases, await verifier.verifier())
    }
    await world.stopHost()
    const sent = [...stack.hub.messages(HUB)].length
    return tally.result({
      messagesPerSecond: options.messagesPerSecond,
      seconds: secondsSince(startedMs),
      sent,
    })
  } finally {
    await world.stop()
  }

  function secondsSince(ms: number): number {
    return Math.round((nowMs() - ms) / 1000)
  }
}

/** An outage ends under load and turns into draining. */
async function runPhase(
  { kind, seconds }: PlannedPhase,
  world: LoadWorld,
  feed: SteadyFeed,
  { nowMs, say }: LoadOptions,
  onDrained: (drain: Drain) => void,
): Promise<readonly Phase[]> {
  const { stack } = world
  const observed = { hostPid: world.hostPid, nowMs, liveMb: () => world.liveMb() }
  const endMs = nowMs() + seconds * 1000
  if (kind === 'outage') stack.siem.always(refuse(503))
  const phase = await observe(kind, observed, () =>
    feed.send(kind === 'badInput' ? BAD_SHARE : 0, () => nowMs() < endMs),
  )
  if (kind !== 'outage') return [phase]
  say('the webhook is up again')
  const draining = await observe('draining', observed, async () => onDrained(await drain(world, feed, nowMs)))
  return [phase, draining]
}

/** Ends the webhook's outage while sending continues, until nothing is pending. */
async function drain(
  { stack, stores, other }: LoadWorld,
  feed: SteadyFeed,
  nowMs: () => number,
): Promise<Drain> {
  const pending = (await stores.outbox.pendingPartitions()).reduce(
    (sum, outboxPartition) => sum + outboxPartition.events,
    0,
  )
  const takenBefore = other.taken
  const deadlineMs = nowMs() + DRAIN_MS
  let firstMs = 0
  stack.siem.always(undefined)
  await feed.send(0, async () => {
    if (nowMs() > deadlineMs) throw new Error('The outbox was not drained in time.')
    const taken = other.taken - takenBefore
    if (taken > 0 && firstMs === 0) firstMs = other.lastAtMs
    // Listing what is pending is expensive, and pointless before this many were taken.
    return taken < pending || (await stores.outbox.pendingPartitions()).length > 0
  })
  const events = other.taken - takenBefore
  const seconds = Math.max(0.1, Math.round((other.lastAtMs - firstMs) / 100) / 10)
  return { pending, events, seconds, eventsPerSecond: Math.round(events / seconds) }
}
