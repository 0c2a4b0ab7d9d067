import type { ArchiveContainer } from '../../archive/archive-container.ts'
import { blobsBetween } from '../../archive/list-blobs.ts'
import { readBlob } from '../../archive/reader.ts'
import { HEARTBEAT_CATEGORY } from '../../domain/category.ts'
import { type Instant, instant, type TenantId } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { Time } from '../../domain/time.ts'
import { VERSION } from '../../domain/version.ts'
import type { FoundRecord } from '../trace/newest-records.ts'
import type { TracedOutcome } from '../trace/trace-outcomes.ts'
import type { TracedRecord, TraceStep } from '../trace/trace-steps.ts'
import type { Finding, Verdict } from './diagnose.ts'

/** What sending a test event requires. */
export interface TestEventDeps {
  readonly tenantId: TenantId
  /** Unique. */
  readonly testId: string
  /** Sends one message to the hub. */
  readonly send: (body: Uint8Array) => Promise<void>
  /** What an error of `send` means. */
  readonly explain: (error: unknown) => Verdict
  /** Last sequence number of each partition of the hub. */
  readonly lastSequenceNumbers: () => Promise<ReadonlyMap<string, number>>
  readonly archive: ArchiveContainer
  /** What is on file about a record now. */
  readonly trace: (found: FoundRecord) => Promise<TracedRecord>
  readonly time: Pick<Time, 'now' | 'monotonicMs' | 'sleep'>
}

const POLL_MS = 500
/** Tolerance between the clocks of this machine and of the service. */
const CLOCK_MS = 10 * 60_000
const AREA = 'delivery'

/** Not one of the app's heartbeats: origin and health mark it as a test. */
const testMessage = (tenantId: TenantId, testId: string, sentAt: Instant): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      records: [
        {
          time: isoInstant(sentAt),
          category: HEARTBEAT_CATEGORY,
          origin: 'operator',
          tenantId,
          properties: {
            sentAt: isoInstant(sentAt),
            version: VERSION,
            instanceId: `test/${testId}`,
            health: { test: true, testId, sentBy: 'risk-export doctor --deliver' },
          },
        },
      ],
    }),
  )

/** Final outcomes: such an event goes no further by itself. */
const isSettled = (outcome: TracedOutcome | undefined): boolean =>
  outcome !== undefined && outcome !== 'pending' && outcome !== 'noReceipt'

/**
 * Sends one test event along the path of every record and waits until it has an outcome at every
 * sink, at most `timeoutMs`. Its category is that of a heartbeat, so every sink gets it and nobody
 * takes it for a risk.
 */
export async function deliverTestEvent(
  sinks: readonly string[],
  timeoutMs: number,
  deps: TestEventDeps,
): Promise<readonly Finding[]> {
  const { tenantId, testId, time } = deps
  const sentAt = instant(time.now())
  const startMs = time.monotonicMs()
  const after = (): string => `after ${((time.monotonicMs() - startMs) / 1000).toFixed(1)} s`
  const finding = (name: string, verdict: Verdict): Finding => ({ area: AREA, name, ...verdict })
  let known: ReadonlyMap<string, number>
  try {
    known = await deps.lastSequenceNumbers()
    await deps.send(testMessage(tenantId, testId, sentAt))
  } catch (error) {
    return [finding('hub', deps.explain(error))]
  }
  const findings = [finding('hub', { level: 'ok', says: `Test event ${testId} was sent.` })]
  const looked = new Set<string>()
  let record: FoundRecord | undefined
  const bySink = new Map<string, Finding>()
  let traced: TracedRecord | undefined
  for (;;) {
    if (record === undefined) {
      record = await findTestEvent(deps, sentAt, known, looked)
      if (record !== undefined)
        findings.push(
          finding('archive', { level: 'ok', says: `Archived ${after()}: ${record.copies[0]?.blob ?? ''}.` }),
        )
    }
    if (record !== undefined) {
      traced = await deps.trace(record)
      for (const sink of sinks) {
        const outcome = traced.outcomes.get(sink)
        if (!bySink.has(sink) && outcome !== undefined && isSettled(outcome))
          bySink.set(sink, finding(sink, settledVerdict(outcome, lastStep(traced, sink), after())))
      }
      if (bySink.size === sinks.length) break
    }
    if (time.monotonicMs() - startMs >= timeoutMs) break
    await time.sleep(POLL_MS)
  }
  const waited = `${Math.round(timeoutMs / 1000)} s`
  if (record === undefined) return [...findings, finding('archive', notArchived(waited))]
  return [
    ...findings,
    ...sinks.map(
      (sink) =>
        bySink.get(sink) ??
        finding(sink, unsettledVerdict(traced?.outcomes.get(sink), lastStep(traced, sink), waited)),
    ),
  ]
}

async function findTestEvent(
  { archive, testId, time }: TestEventDeps,
  sentAt: Instant,
  known: ReadonlyMap<string, number>,
  looked: Set<string>,
): Promise<FoundRecord | undefined> {
  const from = instant(sentAt - CLOCK_MS)
  const to = instant(time.now() + CLOCK_MS)
  for await (const { name, partition, lastSequenceNumber } of blobsBetween(archive, from, to)) {
    if (looked.has(name) || lastSequenceNumber <= (known.get(partition) ?? -1)) continue
    looked.add(name)
    for await (const line of readBlob(archive, name)) {
      if (line.kind !== 'event' || line.event.kind !== 'heartbeat') continue
      if (line.event.health['testId'] === testId) return { line, copies: [{ blob: name, line: line.line }] }
    }
  }
  return undefined
}

const lastStep = (traced: TracedRecord | undefined, sink: string): TraceStep | undefined =>
  traced?.steps.findLast((step) => step.sink === sink)

const requestsOf = (step: TraceStep | undefined): string => {
  const last = step?.requests?.at(-1)
  return last === undefined
    ? ''
    : ` (request ${last.id}${last.status === undefined ? '' : `, ${last.status}`})`
}

function settledVerdict(outcome: TracedOutcome, step: TraceStep | undefined, after: string): Verdict {
  switch (outcome) {
    case 'delivered':
      return { level: 'ok', says: `Delivered ${after}${requestsOf(step)}.` }
    case 'deadLettered':
      return {
        level: 'fail',
        says: `Dead-lettered ${after}: ${step?.fault ?? 'no fault recorded'}.`,
        ...(step?.message === undefined ? {} : { fix: step.message }),
      }
    default:
      return {
        level: 'warn',
        says: `It was not sent: ${outcome} ${after}.`,
        fix: 'Check that the app runs with the same settings as this command.',
      }
  }
}

const unsettledVerdict = (
  outcome: TracedOutcome | undefined,
  step: TraceStep | undefined,
  waited: string,
): Verdict =>
  outcome === 'pending'
    ? {
        level: 'fail',
        says: `Still pending after ${waited}${step?.fault === undefined ? '' : `: ${step.fault}`}.`,
        fix:
          step?.message ?? 'It is delivered as soon as the sink accepts it: `status` shows pending events.',
      }
    : {
        level: 'fail',
        says: `Archived, but no outcome of its delivery is known after ${waited}.`,
        fix: 'Check the log of the app, and that it may write to the container "receipts".',
      }

const notArchived = (waited: string): Verdict => ({
  level: 'fail',
  says: `Not archived within ${waited}.`,
  fix: 'Check that the app runs, reads this hub and consumer group, and may write to the archive: its log has the reason.',
})
