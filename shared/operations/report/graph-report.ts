import type { RiskDetection, RiskEvent, RiskyIdentity } from '../../domain/risk-event.ts'
import { type GraphFactsDeps, graphFacts } from '../../graph/graph-facts.ts'
import type { RiskCollection } from '../../graph/risk-collections.ts'
import type { Report, ReportName, ReportQuery } from './read-report.ts'

const CATEGORIES: Readonly<Record<ReportName, readonly RiskCollection['category'][]>> = {
  risky: ['RiskyServicePrincipals', 'RiskyAgents'],
  detections: ['ServicePrincipalRiskEvents', 'AgentRiskEvents'],
}

/** The collections that a report is made of. */
export const collectionsFor = (
  report: ReportName,
  collections: readonly RiskCollection[],
): readonly RiskCollection[] =>
  collections
    .filter(({ category }) => CATEGORIES[report].includes(category))
    // The latest state is in the list itself.
    .map((collection) => ({ ...collection, hasHistory: false }))

const newestFirst = <E extends RiskEvent>(events: readonly E[]): readonly E[] =>
  events.toSorted((a, b) => b.lastUpdatedAt - a.lastUpdatedAt)

/**
 * Reads a report from Microsoft Graph: what was last updated in a time range. Newest first.
 * Collections that could not be read are named.
 */
export async function readGraphReport(
  report: ReportName,
  { from, to }: ReportQuery,
  deps: GraphFactsDeps,
  signal: AbortSignal,
  maxRows: number,
): Promise<Report> {
  const collections = collectionsFor(report, deps.collections)
  const scope = { from, maxHistories: 0 }
  const { facts, unread } = await graphFacts(scope, new Map(), { ...deps, collections }, signal)
  const found = [...facts.values()]
    .map(({ event }) => event)
    .filter(({ lastUpdatedAt }) => lastUpdatedAt < to)
  const rest = { from, to, source: { kind: 'graph', unread }, more: found.length > maxRows } as const
  return report === 'risky'
    ? { report, ...rest, events: newestFirst(found.filter(isState)).slice(0, maxRows) }
    : { report, ...rest, events: newestFirst(found.filter(isDetection)).slice(0, maxRows) }
}

const isState = (event: RiskEvent): event is RiskyIdentity => event.kind === 'riskyIdentity'
const isDetection = (event: RiskEvent): event is RiskDetection => event.kind === 'riskDetection'
