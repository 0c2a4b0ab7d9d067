import { hostOf } from './guard.ts'
import { hecEvent } from './hec-event.ts'
import { hecHealth, hecOutcome } from './hec-outcome.ts'
import type { WebhookOptions } from './options.ts'
import type { WebhookFormat } from './webhook-format.ts'

/** The collector's health URL, under any path prefix of a reverse proxy. */
function healthUrl(url: string): URL {
  const health = new URL(url)
  const at = health.pathname.indexOf('/services/collector')
  health.pathname = `${at < 0 ? '' : health.pathname.slice(0, at)}/services/collector/health`
  health.search = ''
  return health
}

/**
 * Splunk's HTTP Event Collector: one JSON object per line, to the configured URL
 * (`…/services/collector/event`). The health check is `GET …/services/collector/health` on the same
 * host, which writes no data.
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
    form: hecEvent(splunkIndex),
    outcome: (answer, batch) => hecOutcome(answer, batch, host),
    health: (answer) => hecHealth(answer, host),
  }
}
