import type { AppSettings } from '../../../shared/config/parse-settings.ts'
import type { SinkFilter } from '../../../shared/config/parse-webhooks.ts'
import { UsageError } from '../../stack/start-options.ts'
import type { ArchiveLine } from '../verify/archive-line.ts'
import { at, text } from '../verify/json.ts'
import { BODIES } from '../verify/parse-received.ts'
import type { Received } from '../verify/received.ts'

/** Settings whose effect could not be seen from outside, where they have any. */
const UNSEEN: Readonly<Record<string, (value: string) => boolean>> = {
  INCLUDE_USER_RISK: (value) => value !== 'true',
  WEBHOOKS: () => true,
  EVENT_HUB_OUT_NAME: () => true,
  WEBHOOK_REDACT: () => true,
  WEBHOOK_FORMAT: (value) => !(value in BODIES),
}

/**
 * How to read what the webhook receives with these settings.
 * @throws UsageError for settings with which a run could not be verified
 */
export function bodyParserFor(
  settings: Readonly<Record<string, string>>,
): (body: string) => readonly Received[] {
  const unseen = Object.keys(UNSEEN).filter((name) => {
    const value = settings[name]
    return value !== undefined && UNSEEN[name]?.(value) === true
  })
  const parse = BODIES[settings['WEBHOOK_FORMAT'] ?? 'cloudevents']
  if (unseen.length === 0 && parse !== undefined) return parse
  throw new UsageError(
    `--settings: with --once, these settings cannot be verified: ${unseen.join(', ')}. Leave out them, or --once.`,
  )
}

const ENDED = ['remediated', 'dismissed', 'confirmedSafe']
const LEVELS = ['none', 'low', 'medium', 'high']

/** What a filter lets through, as its settings are documented. */
const accepting =
  ({ categories, minLevel, identityTypes = [] }: SinkFilter) =>
  ({ says }: ArchiveLine): boolean => {
    const of = (name: string): string => text(at(says, `event.${name}`))
    if (categories.length > 0 && !categories.includes(of('category'))) return false
    if (identityTypes.length > 0 && !identityTypes.includes(of('identity.type'))) return false
    if (minLevel === undefined || ENDED.includes(of('risk.state'))) return true
    const level = LEVELS.indexOf(of('risk.level'))
    return level === -1 || level >= LEVELS.indexOf(minLevel)
  }

/** What each of the stack's own two sinks is to get. */
export function acceptsBySink({
  logAnalytics,
  webhooks,
}: Pick<AppSettings, 'logAnalytics' | 'webhooks'>): ReadonlyMap<string, (line: ArchiveLine) => boolean> {
  const filters = webhooks.map(({ name, filter }) => [name, filter] as const)
  return new Map(
    [...filters, ['log-analytics', logAnalytics ?? { categories: [] }] as const].map(([name, filter]) => [
      name,
      accepting(filter),
    ]),
  )
}
