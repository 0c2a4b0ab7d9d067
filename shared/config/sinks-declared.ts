import type { FlatEvent } from '../domain/exported-event.ts'
import type { AppSettings } from './parse-settings.ts'

/** Every sink of this program, enabled or not. */
export const SINK_NAMES = ['log-analytics', 'webhook'] as const
export type SinkName = (typeof SINK_NAMES)[number]

/** What decides whether a sink gets an event. */
type SortedEvent = Pick<FlatEvent, 'kind' | 'category'>

/**
 * The enabled sinks, each with its filter. All get heartbeats, which distinguish silence from
 * failure.
 */
export function acceptedBySink(
  settings: Pick<AppSettings, 'logAnalytics' | 'webhook'>,
): ReadonlyMap<SinkName, (event: SortedEvent) => boolean> {
  const categories: readonly (readonly [SinkName, readonly string[] | undefined])[] = [
    ['log-analytics', settings.logAnalytics?.categories],
    ['webhook', settings.webhook?.categories],
  ]
  return new Map(
    categories.flatMap(([sink, wanted]) =>
      wanted === undefined
        ? []
        : [[sink, (event: SortedEvent) => event.kind === 'heartbeat' || isWanted(wanted, event)] as const],
    ),
  )
}

const isWanted = (wanted: readonly string[], { category }: SortedEvent): boolean =>
  wanted.length === 0 || wanted.includes(category)
