import { MAX_ANSWER_BYTES } from '../../../http/beginning-of-body.ts'
import { type Destination, receiverOf } from '../../destination.ts'
import type { WebhookFormat } from '../../webhook-format.ts'
import { hecEvent } from './hec-event.ts'
import { hecHealth, hecOutcome } from './hec-outcome.ts'

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
export function splunkHecFormat(
  destination: Pick<Destination, 'url' | 'settingsPrefix' | 'splunkIndex' | 'splunkTime'>,
): WebhookFormat {
  const receiver = receiverOf(destination)
  return {
    encoder: hecEvent(destination),
    headers: {},
    probe: { method: 'GET', url: healthUrl(destination.url) },
    maxAnswerBytes: MAX_ANSWER_BYTES,
    outcome: (answer, batch) => hecOutcome(answer, batch, receiver),
    health: (answer) => hecHealth(answer, receiver),
  }
}
