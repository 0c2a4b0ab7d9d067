import { setTimeout as wait } from 'node:timers/promises'
import { HUB, PARTITIONS } from '../../../stack/names.ts'
import { SENDS_NOTHING } from '../../../stack/sends-nothing.ts'
import { type Stack, startStack } from '../../../stack/stack.ts'
import { isSettled } from '../../once/settled.ts'
import { type Stores, storesOf } from '../../once/stores.ts'
import { untilSealed } from '../../once/until-sealed.ts'
import { type ExplainedVerdict, explainRun } from '../duplicates/explain-run.ts'
import { GeneratedRecords } from '../generated-records.ts'
import { type Prng, prng } from '../prng.ts'
import { messageStream } from '../records.ts'
import { Arrivals } from './arrivals.ts'
import { healAll } from './behaviours.ts'
import { disruptionLog } from './disruption-log.ts'
import { disruptor } from './disruptor.ts'
import { startHosts } from './hosts.ts'
import { processHistory } from './process-history.ts'
import { HeadsSeen, verifyLog } from './verify-log.ts'
import { verifyProcesses } from './verify-processes.ts'

export interface ProcessRunOptions {
  readonly seed: number
  /** Duration of the disruptions. */
  readonly seconds: number
  readonly nowMs: () => number
  readonly say: (line: string) => void
  /** Called when all is delivered and sealed, before it is verified. */
  readonly onSealed?: (stores: Stores) => Promise<void>
  /** Called before the stack is removed, so that its data can be kept. */
  readonly onVerified: (verdict: ExplainedVerdict, stack: Stack, stores: Stores) => Promise<void>
}

/** The result of a run of real processes. */
export interface ProcessRun extends ExplainedVerdict {
  readonly sent: number
  readonly kills: number
  readonly faultsInjected: number
  readonly maxPendingAgeMs: number
}

const HEALING_MS = 90_000
const SEALING_MS = 60_000
const MESSAGES_A_SECOND = 40
const SEND_EVERY_MS = 250
const POLL_MS = 500
const SETTINGS = {
  ...SENDS_NOTHING,
  EVIDENCE_SEAL: 'true',
  EVIDENCE_SEAL_SCHEDULE: '*/2 * * * * *',
  SWEEP_SCHEDULE: '*/2 * * * * *',
  REDELIVERY_BUDGET_MS: '5000',
  REDELIVERY_MAX_BACKOFF_SECONDS: '4',
}

/** Sends messages until stopped. */
async function sendSteadily(
  stack: Stack,
  chance: Prng,
  made: GeneratedRecords,
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

/** Waits for the program to finish; `false` if it does not in time. */
async function settles(
  stack: Stack,
  { checkpoints, outbox }: Stores,
  deadlineMs: number,
  nowMs: () => number,
) {
  const outcomes = stack.hub.partitionState(HUB).filter((p) => !p.isEmpty)
  const last = new Map(outcomes.map((p) => [p.partition, p.lastSequenceNumber]))
  while (!(await isSettled(last, checkpoints, outbox))) {
    if (nowMs() > deadlineMs) return false
    await wait(POLL_MS)
  }
  return true
}

/**
 * Runs the built program as processes through disruptions of all kinds, ends them, waits for it to
 * finish, and verifies from outside.
 */
export async function processRun({
  seed,
  seconds,
  nowMs,
  say,
  onSealed,
  onVerified,
}: ProcessRunOptions): Promise<ProcessRun> {
  const chance = prng(seed)
  const startedAt = nowMs()
  const log = disruptionLog(nowMs)
  const arrivals = new Arrivals()
  const made = new GeneratedRecords()
  const stack = await startStack({
    nowMs,
    settings: SETTINGS,
    onStored: (sink, stored) => arrivals.add(sink, stored),
  })
  const stores = storesOf(stack.azurite.connectionString, nowMs)
  const hosts = startHosts({ environment: stack.environment, log, nowMs, say })
  const heads = new HeadsSeen(stores)
  let maxPendingAgeMs = 0
  let over = false
  let watching = true
  const watch = async (): Promise<void> => {
    while (watching) {
      const pendingPartitions = await stores.outbox.pendingPartitions().catch(() => [])
      for (const { oldestTriedAt } of pendingPartitions)
        maxPendingAgeMs = Math.max(maxPendingAgeMs, nowMs() - oldestTriedAt)
      await heads.look()
      await wait(POLL_MS)
    }
  }
  try {
    await hosts.start(0, {})
    const disruptions = disruptor({ stack, hosts, prng: chance, log, say })
    const watched = watch()
    const sending = sendSteadily(stack, prng(seed + 1), made, () => over)
    const endMs = nowMs() + seconds * 1000
    while (nowMs() < endMs) {
      await wait(200 + chance.below(900))
      await disruptions.next()
    }
    over = true
    await Promise.all([sending, disruptions.rest()])
    say('healing')
    healAll(stack)
    await hosts.kill(1)
    await hosts.kill(0)
    await hosts.start(0, {})
    const settled = await settles(stack, stores, nowMs() + HEALING_MS, nowMs)
    const sealed = await untilSealed(stores, SEALING_MS, nowMs)
    watching = false
    await watched
    await hosts.stopAll()
    await onSealed?.(stores)
    const history = await processHistory(stores, { startedAt, endedAt: nowMs(), arrivals, log, hosts })
    const verified = explainRun(await verifyProcesses(stack, stores, made), history)
    const problems = [
      ...(settled ? [] : ['it did not settle everything']),
      ...(sealed ? [] : ['it did not seal everything']),
      ...(await verifyLog(stores, { signingKey: stack.environment.EVIDENCE_LOCAL_KEY ?? '', heads })),
      ...verified.problems,
    ]
    const verdict = { ...verified, problems }
    await onVerified(verdict, stack, stores)
    const sent = [...stack.hub.messages(HUB)].length
    return { ...verdict, sent, kills: hosts.kills(), faultsInjected: disruptions.faults(), maxPendingAgeMs }
  } finally {
    over = true
    watching = false
    await hosts.stopAll()
    await stack.stop()
  }
}
