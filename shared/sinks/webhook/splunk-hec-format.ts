import { hostOf } from './guard.ts'
import { hecEvent } from './hec-event.ts'
import { hecHealth, hecOutcome } from './hec-outcome.ts'
import type { WebhookOptions } from './options.ts'
import type { WebhookFormat } from './webhook-format.ts'

/** The collector's health page, under whatever path a reverse proxy puts before it. */
function healthUrl(url: string): URL {
  const health = new URL(url)
  const at = health.pathname.indexOf('/services/collector')
  health.pathname = `${at < 0 ? '' : health.pathname.slice(0, at)}/services/collector/health`
  health.search = ''
  return health
}

/**
 * Splunk's HTTP Event Collector: objects one after the other, a line each, to the URL as it is set
 * (`…/services/collector/event`). The health of the collector is asked by `GET
 * …/services/collector/health` on the same host: nothing lands.
 */
export function splunkHecFormat({
  url,
  token,
  splunkIndex,
}: Pick<WebhookOptions, 'url' | 'token' | 'splunkIndex'>): WebhookFormat {
  const host = hostOf(url)
  return {
    name: 'splunk-hec',
    framing: { open: '', separator: '\n', close: '\n' },
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(token === undefined ? {} : { authorization: `Splunk ${token}` }),
    },
    probe: { method: 'GET', url: healthUrl(url) },
    readsBody: true,
    wrapping: (archived) => hecEvent(splunkIndex, archived),
    outcome: (answer, batch) => hecOutcome(answer, batch, host),
    health: (answer) => hecHealth(answer, host),
  }
}
