import { setTimeout as wait } from 'node:timers/promises'
import { HUB, PARTITIONS } from '../../../stack/names.ts'
import { type Stack, startStack } from '../../../stack/stack.ts'
import { isSettled } from '../../once/settled.ts'
import { type Stores, storesOf } from '../../once/stores.ts'
import { type Dice, dice } from '../dice.ts'
import { type ExplainedVerdict, explainRun } from '../duplicates/explain-run.ts'
import { MadeRecords } from '../made-records.ts'
import { messageStream } from '../records.ts'
import { startHosts } from './hosts.ts'
import { judgeWall } from './judge-wall.ts'
import { Landings } from './landings.ts'
import { healAll } from './moods.ts'
import { troubleMaker } from './trouble.ts'
import { upsetLog } from './upset-log.ts'
import { wallStory } from './wall-story.ts'

export interface WallOptions {
  readonly seed: number
  /** How long there is trouble. */
  readonly seconds: number
  readonly nowMs: () => number
  readonly say: (line: string) => void
  /** Called before the stack is gone; what it leaves can then be kept. */
  readonly onJudged: (verdict: ExplainedVerdict, stack: Stack, stores: Stores) => Promise<void>
}

/** How a run of real processes went. */
export interface WallRun extends ExplainedVerdict {
  readonly sent: number
  readonly kills: number
  readonly faultsInjected: number
  readonly maxOwedAgeMs: number
}

const HEALING_MS = 90_000
const MESSAGES_A_SECOND = 40
const SEND_EVERY_MS = 250
const POLL_MS = 500
/** No heartbeat within any run: what is counted is what was sent. */
const SETTINGS = {
  HEARTBEAT_SCHEDULE: '0 0 0 29 2 *',
  SWEEP_SCHEDULE: '*/2 * * * * *',
  REDELIVERY_BUDGET_MS: '5000',
  REDELIVERY_MAX_BACKOFF_SECONDS: '4',
}

/** Sends until told to stop. */
async function sendSteadily(
  stack: Stack,
  chance: Dice,
  made: MadeRecords,
  isOver: () => boolean,
): Promise<void> {
  const next = messageStream(chance, made)
  const some = Math.ceil((MESSAGES_A_SECOND * SEND_EVERY_MS) / 1000)
  while (!isOver()) {
    const partition = String(chance.below(PARTITIONS))
    stack.hub.publish(HUB, Array.from({ length: some }, next), { partition })
    await wait(SEND_EVERY_MS)
  }
}

/** Lets the program come to an end. `false`: it does not in time. */
async function settles(
  stack: Stack,
  { checkpoints, outbox }: Stores,
  deadlineMs: number,
  nowMs: () => number,
) {
  const ends = stack.hub.partitionState(HUB).filter((p) => !p.isEmpty)
  const last = new Map(ends.map((p) => [p.partition, p.lastSequenceNumber]))
  while (!(await isSettled(last, checkpoints, outbox))) {
    if (nowMs() > deadlineMs) return false
    await wait(POLL_MS)
  }
  return true
}

/** Runs the built program as processes through trouble of all kinds, heals everything, drains, and judges from outside. */
export async function wallRun({ seed, seconds, nowMs, say, onJudged }: WallOptions): Promise<WallRun> {
  const chance = dice(seed)
  const startedAt = nowMs()
  const log = upsetLog(nowMs)
  const landings = new Landings()
  const made = new MadeRecords()
  const stack = await startStack({
    nowMs,
    settings: SETTINGS,
    onStored: (sink, stored) => landings.add(sink, stored),
  })
  const stores = storesOf(stack.azurite.connectionString, nowMs)
  const hosts = startHosts({ environment: stack.environment, log, nowMs, say })
  let maxOwedAgeMs = 0
  let over = false
  let watching = true
  const watch = async (): Promise<void> => {
    while (watching) {
      const owing = await stores.outbox.owing().catch(() => [])
      for (const { oldestTriedAt } of owing) maxOwedAgeMs = Math.max(maxOwedAgeMs, nowMs() - oldestTriedAt)
      await wait(POLL_MS)
    }
  }
  try {
    await hosts.start(0, {})
    const trouble = troubleMaker({ stack, hosts, dice: chance, log, say })
    const watched = watch()
    const sending = sendSteadily(stack, dice(seed + 1), made, () => over)
    const endMs = nowMs() + seconds * 1000
    while (nowMs() < endMs) {
      await wait(200 + chance.below(900))
      await trouble.next()
    }
    over = true
    await Promise.all([sending, trouble.rest()])
    say('healing')
    healAll(stack)
    await hosts.kill(1)
    await hosts.kill(0)
    await hosts.start(0, {})
    const settled = await settles(stack, stores, nowMs() + HEALING_MS, nowMs)
    watching = false
    await watched
    await hosts.stopAll()
    const story = await wallStory(stores, { startedAt, endedAt: nowMs(), landings, log, hosts })
    const judged = explainRun(await judgeWall(stack, stores, made), story)
    const problems = settled ? judged.problems : ['it did not come to an end', ...judged.problems]
    const verdict = { ...judged, problems }
    await onJudged(verdict, stack, stores)
    const sent = [...stack.hub.messages(HUB)].length
    return { ...verdict, sent, kills: hosts.kills(), faultsInjected: trouble.faults(), maxOwedAgeMs }
  } finally {
    over = true
    watching = false
    await hosts.stopAll()
    await stack.stop()
  }
}
