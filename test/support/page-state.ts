import { ArchiveCounter } from '../../local/console/archive-figures.ts'
import { buildState } from '../../local/console/build-state.ts'
import type { SinkState, StackState } from '../../local/console/stack-state.ts'
import type { ArchiveLine } from '../../shared/archive/archive-line.ts'

/** A sink to which everything was delivered. */
export const settledSink = (name: string, events: number, change: Partial<SinkState> = {}): SinkState => ({
  name,
  delivered: events,
  pending: 0,
  deadLettered: 0,
  duplicate: 0,
  filtered: 0,
  onTheWay: 0,
  missing: 0,
  received: events,
  receivedTwice: 0,
  behaviour: 'healthy',
  state: 'up',
  ...change,
})

/** The page's state after some lines of the archive, with both sinks up to date. */
export function stateAfter(lines: readonly ArchiveLine[], change: Partial<StackState> = {}): StackState {
  const archive = new ArchiveCounter()
  for (const line of lines) archive.add(line)
  const { events } = archive
  const state = buildState({
    archive,
    hubMessages: archive.messages + archive.ownMessages,
    unreadForMs: 0,
    sinks: [settledSink('log-analytics', events), settledSink('webhook', events)],
    startedAt: Date.UTC(2026, 10, 2, 8),
    connectionString: 'Endpoint=sb://localhost:5671;UseDevelopmentEmulator=true',
    hub: 'entra-risk',
  })
  return { ...state, ...change }
}

/** A risky service principal, as the stream writes it. */
export const riskyRecord = (change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    category: 'RiskyServicePrincipals',
    properties: {
      id: '93f2d6be-08c7-45a1-b3ec-7d1f4b8a2c60',
      displayName: 'invoice-reader',
      riskLastUpdatedDateTime: '2026-10-05T08:00:00Z',
      riskLevel: 'high',
      riskState: 'atRisk',
      ...change,
    },
  })

/** A detection on a service principal, as the stream writes it. */
export const detectionRecord = (change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    category: 'ServicePrincipalRiskEvents',
    properties: {
      id: 'a3'.repeat(32),
      servicePrincipalId: '93f2d6be-08c7-45a1-b3ec-7d1f4b8a2c60',
      servicePrincipalDisplayName: 'invoice-reader',
      riskEventType: 'leakedCredentials',
      riskLevel: 'high',
      riskState: 'atRisk',
      detectedDateTime: '2026-10-05T07:30:00Z',
      lastUpdatedDateTime: '2026-10-05T08:00:00Z',
      ...change,
    },
  })
