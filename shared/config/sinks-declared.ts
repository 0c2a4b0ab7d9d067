import { slotOf } from '../domain/event-fields.ts'
import type { FlatEvent } from '../domain/exported-event.ts'
import { eventHubOutProblems } from './event-hub-out-settings.ts'
import type { AppSettings } from './parse-settings.ts'
import type { SinkFilter } from './parse-webhooks.ts'
import { PLAIN_WEBHOOK } from './webhook-settings.ts'

export const LOG_ANALYTICS_SINK = 'log-analytics'
export const EVENT_HUB_SINK = 'event-hub'
/** The sinks that have a name before the settings give any. */
export const SINKS_OF_ALL: readonly string[] = [LOG_ANALYTICS_SINK, EVENT_HUB_SINK, PLAIN_WEBHOOK.name]

type Accepts = (event: FlatEvent) => boolean

const LEVEL = slotOf('risk.level')
const STATE = slotOf('risk.state')
const TYPE = slotOf('identity.type')
const LEVELS: readonly unknown[] = ['none', 'low', 'medium', 'high']
/** States that end a risk: whoever was told of it is told of that too. */
const ENDED: readonly unknown[] = ['remediated', 'dismissed', 'confirmedSafe']

/**
 * Whether a sink gets an event. All get heartbeats, which distinguish silence from failure. A level
 * that is hidden or unknown is not low.
 */
const accepting =
  ({ categories, minLevel, identityTypes = [] }: SinkFilter): Accepts =>
  ({ kind, category, fields }) => {
    if (kind === 'heartbeat') return true
    if (categories.length > 0 && !categories.includes(category)) return false
    if (identityTypes.length > 0 && !identityTypes.some((type) => type === fields.parse(TYPE))) return false
    if (minLevel === undefined || ENDED.includes(fields.parse(STATE))) return true
    const level = LEVELS.indexOf(fields.parse(LEVEL))
    return level < 0 || level >= LEVELS.indexOf(minLevel)
  }

/** The enabled sinks, each with its filter. */
export function acceptedBySink({
  logAnalytics,
  eventHubOut,
  webhooks,
}: Pick<AppSettings, 'logAnalytics' | 'eventHubOut' | 'webhooks'>): ReadonlyMap<string, Accepts> {
  const filters: readonly (readonly [string, SinkFilter])[] = [
    ...(logAnalytics === undefined ? [] : [[LOG_ANALYTICS_SINK, logAnalytics] as const]),
    ...(eventHubOut === undefined ? [] : [[EVENT_HUB_SINK, eventHubOut] as const]),
    ...webhooks.map(({ name, filter }) => [name, filter] as const),
  ]
  return new Map(filters.map(([sink, filter]) => [sink, accepting(filter)]))
}

/** Every sink that an operator may ask about, enabled or not. */
export const sinkNames = ({
  eventHubOut,
  webhooks,
}: Pick<AppSettings, 'eventHubOut' | 'webhooks'>): readonly string[] => [
  ...new Set([
    LOG_ANALYTICS_SINK,
    PLAIN_WEBHOOK.name,
    ...(eventHubOut === undefined ? [] : [EVENT_HUB_SINK]),
    ...webhooks.map(({ name }) => name),
  ]),
]

/** Enabled sinks whose settings cannot be used, and why; no values. */
export const sinkProblems = ({
  eventHubOut,
  webhooks,
}: Pick<AppSettings, 'eventHubOut' | 'webhooks'>): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [
      [EVENT_HUB_SINK, eventHubOut === undefined ? [] : eventHubOutProblems(eventHubOut)] as const,
      ...webhooks.map(({ name, problems = [] }) => [name, problems] as const),
    ].filter(([, problems]) => problems.length > 0),
  )

/** What is to be known of the settings of sinks that can be set up, by sink; no values. */
export const settingWarnings = ({ webhooks }: Pick<AppSettings, 'webhooks'>): ReadonlyMap<string, string> =>
  new Map(
    webhooks.flatMap((webhook) =>
      webhook.problems === undefined && webhook.warnings.length > 0
        ? [[webhook.name, webhook.warnings.join('; ')]]
        : [],
    ),
  )
