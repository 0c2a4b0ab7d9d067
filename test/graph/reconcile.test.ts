import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durable } from '../../local/checks/chaos/model/durable.ts'
import { modelTime } from '../../local/checks/chaos/model/model-time.ts'
import { startProgram } from '../../local/checks/chaos/model/program.ts'
import { isRiskEvent } from '../../shared/domain/exported-event.ts'
import { parseEvent } from '../../shared/domain/flat-event.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import type { RiskEvent } from '../../shared/domain/risk-event.ts'
import type { JsonObject } from '../../shared/encoding/json.ts'
import type { ArchivedFact } from '../../shared/graph/fact.ts'
import { reconcile } from '../../shared/graph/reconcile.ts'
import {
  EMPTY_STATE,
  parseState,
  type ReconcileState,
  stateText,
} from '../../shared/graph/reconcile-state.ts'
import { riskCollections } from '../../shared/graph/risk-collections.ts'
import { rereadRecord } from '../../shared/source/reread-record.ts'
import { messageAt } from '../support/ingest-world.ts'
import { scriptedSink } from '../support/scripted-sink.ts'

const HOUR_MS = 3_600_000
const NOW = Date.UTC(2026, 2, 1, 12)
const TENANT = '7d3c9a52-6a0e-4c55-9d3f-0a1b2c3d4e5f'
const SETTINGS = { tenantId: TENANT as never, includeUserRisk: false, language: 'en' as const }
const never = new AbortController().signal

/** A fact of the world, and what becomes of it on its way. */
interface WorldFact {
  readonly kind: 'detection' | 'identity'
  readonly hoursAgo: number
  /** How often the stream brings it. */
  readonly copies: number
  /** The stream brought it before Microsoft had enriched it. */
  readonly early: boolean
}

const guid = (n: number): string => `${n.toString(16).padStart(8, '0')}-1111-4000-8000-000000000000`
const at = (hoursAgo: number, digits: 3 | 7): string =>
  new Date(NOW - hoursAgo * HOUR_MS).toISOString().replace('Z', digits === 7 ? '4321Z' : 'Z')

/** The object as Graph shows it, or as the stream sends it. */
function objectOf({ kind, hoursAgo }: WorldFact, n: number, digits: 3 | 7, early = false): JsonObject {
  const risk = { riskState: 'atRisk', riskLevel: 'high', riskDetail: 'none' }
  if (kind === 'identity')
    return {
      id: guid(n),
      appId: guid(n + 1000),
      displayName: `Workload ${n}`,
      riskLastUpdatedDateTime: at(hoursAgo, digits),
      ...risk,
    }
  return {
    id: `detection${n}`,
    servicePrincipalId: guid(n),
    riskEventType: 'leakedCredentials',
    lastUpdatedDateTime: at(hoursAgo, digits),
    detectedDateTime: at(hoursAgo, digits),
    keyIds: [],
    source: early ? null : 'IdentityProtection',
    servicePrincipalDisplayName: early ? null : `Workload ${n}`,
    ...risk,
  }
}

const recordOf = (fact: WorldFact, n: number, early: boolean): string =>
  JSON.stringify({
    time: '3/1/2026 9:00:00 AM',
    category: fact.kind === 'identity' ? 'RiskyServicePrincipals' : 'ServicePrincipalRiskEvents',
    tenantId: TENANT,
    properties: objectOf(fact, n, 3, early),
  })

/** The whole program on storage in memory, and a Graph that knows every fact. */
function world(facts: readonly WorldFact[]) {
  const time = modelTime(NOW, () => 0.5)
  const storage = durable(() => time.now())
  const sinks = ['one', 'other'].map((name) => scriptedSink({ name }))
  const program = startProgram({
    storage,
    ports: storage.ports,
    sinks,
    time,
    onIsolated: (cause) => {
      throw cause
    },
  })
  let sequenceNumber = 0
  const ingest = async (bodies: readonly string[]): Promise<void> => {
    for (const body of bodies) await program.ingest([messageAt(sequenceNumber++, body)], 0)
  }
  async function* archivedFrom(): AsyncGenerator<ArchivedFact> {
    for (const line of storage.archiveLines())
      if (line.kind === 'event' && isRiskEvent(line.event))
        yield { event: line.event, origin: line.origin, enqueuedAt: line.position.enqueuedAt }
  }
  let state: ReconcileState = EMPTY_STATE
  const sent: (readonly JsonObject[])[] = []
  const run = async (graceMs = 0, faults: Readonly<Record<string, 'noPermission'>> = {}) => {
    const result = await reconcile(
      { from: instant(NOW - 72 * HOUR_MS), graceMs, maxHistories: 600 },
      state,
      {
        collections: riskCollections(false),
        tenantId: TENANT,
        client: {
          async list(path, take) {
            const name = /identityProtection\/(\w+)\?/.exec(path)?.[1] ?? 'history'
            const kind = faults[name]
            if (kind !== undefined) return { kind }
            for (const [n, fact] of facts.entries())
              if (
                name ===
                (fact.kind === 'identity' ? 'riskyServicePrincipals' : 'servicePrincipalRiskDetections')
              )
                take(objectOf(fact, n, 7))
            return undefined
          },
        },
        readRecord(record): RiskEvent | undefined {
          const reading = rereadRecord(Buffer.from(JSON.stringify(record)), instant(NOW), SETTINGS)
          return reading.status === 'event' ? (parseEvent(reading.event) as RiskEvent) : undefined
        },
        archivedFrom,
        async send(records) {
          sent.push(records)
          await ingest([JSON.stringify({ records })])
          return 'sent'
        },
        time,
      },
      never,
    )
    // What a run leaves must survive being stored.
    state = parseState(stateText(result.state))
    expect(state).toEqual(result.state)
    return result.report
  }
  const archivedKeys = () =>
    storage
      .archiveLines()
      .flatMap((line) => (line.kind === 'event' ? [(line.event as RiskEvent).factKey] : []))
  return { ingest, run, sinks, sent, archivedKeys, time, storage }
}

const anyFact: fc.Arbitrary<WorldFact> = fc.record({
  kind: fc.constantFrom('detection', 'identity'),
  hoursAgo: fc.integer({ min: 1, max: 70 }),
  copies: fc.integer({ min: 0, max: 3 }),
  early: fc.boolean(),
})

describe('reconciling', () => {
  it('brings every fact that the stream has lost, once, to archive and sinks; running it again adds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFact, { maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        async (facts, order) => {
          const { ingest, run, sinks, sent, archivedKeys } = world(facts)
          const records = facts.flatMap((fact, n) =>
            Array.from({ length: fact.copies }, (_, copy) => recordOf(fact, n, fact.early && copy === 0)),
          )
          const shuffled = records
            .map((record) => ({ record, key: order.next().value as number }))
            .sort((a, b) => a.key - b.key)
          await ingest(shuffled.map(({ record }) => `{"records":[${record}]}`))
          const before = archivedKeys().length
          const lost = facts.filter(({ copies }) => copies === 0).length

          const report = await run()
          expect(report).toMatchObject({
            inBoth: facts.length - lost,
            onlyInGraph: lost,
            onlyInStream: 0,
            sent: lost,
            unread: [],
          })
          expect(archivedKeys()).toHaveLength(before + lost)
          expect(new Set(archivedKeys()).size).toBe(facts.length)
          for (const sink of sinks) expect(new Set(sink.taken).size).toBe(sink.taken.length)

          const taken = sinks.map((sink) => [...sink.taken])
          const second = await run()
          expect(second).toMatchObject({ onlyInGraph: lost, sent: 0 })
          expect(sinks.map((sink) => [...sink.taken])).toEqual(taken)
          expect(sent.flat()).toHaveLength(lost)
        },
      ),
      { numRuns: 60 },
    )
  })

  const lost = { kind: 'detection', hoursAgo: 5, copies: 0, early: false } as const
  const brought = { ...lost, copies: 1 }

  it('waits for the stream before it sends', async () => {
    const { run, sent, time } = world([lost])
    expect(await run(HOUR_MS)).toMatchObject({ onlyInGraph: 1, sent: 0 })
    time.advance(HOUR_MS)
    expect(await run(HOUR_MS)).toMatchObject({ onlyInGraph: 1, sent: 1 })
    expect(sent.flat()[0]).toMatchObject({
      origin: 'graph',
      category: 'ServicePrincipalRiskEvents',
      tenantId: TENANT,
    })
  })

  it('measures the loss and the lag of the stream', async () => {
    const facts = [lost, brought, brought, { ...brought, hoursAgo: 7 }]
    const { ingest, run } = world(facts)
    await ingest(
      facts.flatMap((fact, n) => (fact.copies === 0 ? [] : [`{"records":[${recordOf(fact, n, false)}]}`])),
    )
    expect(await run()).toMatchObject({
      inBoth: 3,
      onlyInGraph: 1,
      streamLossPerMille: 250,
      oldestMissingAt: NOW - 5 * HOUR_MS,
    })
  })

  it('counts what Graph tells more of by now, and sends it not again', async () => {
    const facts = [brought, brought]
    const { ingest, run } = world(facts)
    await ingest(facts.map((fact, n) => `{"records":[${recordOf(fact, n, n === 0)}]}`))
    expect(await run()).toMatchObject({ inBoth: 2, enrichedInGraph: 1, sent: 0 })
  })

  it('says nothing of what it could not read', async () => {
    const { ingest, run } = world([brought, { ...brought, kind: 'identity' }])
    await ingest(
      [0, 1].map(
        (n) => `{"records":[${recordOf(n === 0 ? brought : { ...brought, kind: 'identity' }, n, false)}]}`,
      ),
    )
    expect(await run(0, { servicePrincipalRiskDetections: 'noPermission' })).toMatchObject({
      inBoth: 1,
      onlyInStream: 0,
      unread: [{ name: 'servicePrincipalRiskDetections', fault: { kind: 'noPermission' } }],
    })
  })
})
