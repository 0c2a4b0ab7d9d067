import { answerFault } from '../../answer-fault.ts'
import { type Destination, receiverOf } from '../../destination.ts'
import type { WebhookFormat } from '../../webhook-format.ts'
import { bulkOutcome } from './bulk-outcome.ts'
import { ecsDocument } from './ecs-document.ts'

/** Room for an item with an error, and the reasons that Elasticsearch gives for it. */
const ANSWER_BYTES_PER_EVENT = 4_096

/** The API that says who asks, under any path prefix of a reverse proxy. */
function authenticateUrl(url: string): URL {
  const { origin, pathname } = new URL(url)
  return new URL(`${pathname.replace(/\/_bulk\/?$/, '')}/_security/_authenticate`, origin)
}

/** Client errors of something that has no such API, and takes events all the same. */
const HARMLESS = new Set([400, 405])

/**
 * Elasticsearch's bulk API, to the configured URL (`…/_bulk`). The health check asks who the API
 * key belongs to, which needs no privilege and writes nothing.
 */
export function elasticBulkFormat(
  destination: Pick<Destination, 'url' | 'settingsPrefix' | 'elasticNamespace' | 'maxEvents'>,
): WebhookFormat {
  const receiver = receiverOf(destination)
  return {
    encoder: ecsDocument(destination.elasticNamespace),
    headers: {},
    probe: { method: 'GET', url: authenticateUrl(destination.url) },
    maxAnswerBytes: destination.maxEvents * ANSWER_BYTES_PER_EVENT,
    outcome: (answer, batch) => bulkOutcome(answer, batch, receiver),
    health: (answer) => (HARMLESS.has(answer.status) ? undefined : answerFault(answer, receiver)),
  }
}
