import { logsOf, type ReadLog } from '../../otlp-request.ts'
import { status } from '../../scripted-answer.ts'
import { startScriptedServer } from '../../scripted-server.ts'
import type { Followed, World } from '../followed.ts'
import { parseMembers } from '../members.ts'
import { PageSteps } from '../page-steps.ts'
import { parseCollectorConfig } from './collector-config.ts'

const TOKEN = 'of-the-collector'

/** Follows the page of OpenTelemetry up to its settings. */
export async function followOpenTelemetry({ authority, hosts }: World): Promise<Followed> {
  const steps = new PageSteps('opentelemetry')
  const { port, token } = parseCollectorConfig(steps.block('receivers:'), { RISK_TOKEN: TOKEN })
  const collector = await startScriptedServer(await authority.issue(hosts))
  const logs: ReadLog[] = []
  // https://opentelemetry.io/docs/specs/otlp/#otlphttp
  collector.answering(({ method, path, headers, body }) => {
    if (headers.authorization !== `Bearer ${token}`) return status(401)
    if (path !== '/v1/logs') return status(404)
    if (method !== 'POST') return status(405)
    if (headers['content-type'] !== 'application/x-protobuf') return status(415)
    logs.push(...logsOf(body))
    return status(200, { 'content-type': 'application/x-protobuf' })
  })
  steps.needsProduct('count_over_time', 'LogQL')
  return {
    name: 'otel',
    steps,
    settings: steps.settings({
      instead: { [`<collector>:${port}`]: new URL(collector.origin).host },
      vault: { 'webhook-token': token },
    }),
    arrived: () =>
      logs.map(({ attributes, body }) => ({
        eventId: String(attributes['entra.event.id']),
        kind: String(parseMembers(body)?.['kind']),
      })),
    problems: () =>
      logs
        .filter(({ resource }) => resource['service.name'] !== 'entra-risk-export')
        .map(({ resource }) => `service.name is ${String(resource['service.name'])}`),
    stop: () => collector.stop(),
  }
}
