import type { Reply } from '../http/reply.ts'
import { hecReply, parseHecEvents } from './parse-hec-events.ts'
import type { SiemForm, SiemRequest } from './siem-form.ts'

const HEALTH_PATH = '/services/collector/health'

/** A Splunk HTTP Event Collector, as far as senders can observe. */
export function splunkHecForm(token: string): SiemForm {
  const refusal = ({ headers }: SiemRequest): Reply | undefined => {
    const { authorization } = headers
    if (typeof authorization !== 'string') return hecReply(401, 2, 'Token is required')
    if (!authorization.startsWith('Splunk ')) return hecReply(401, 3, 'Invalid authorization')
    return authorization === `Splunk ${token}` ? undefined : hecReply(403, 4, 'Invalid token')
  }
  return {
    path: '/services/collector/event',
    accepted: hecReply(200, 0, 'Success'),
    refusal,
    readEvents: parseHecEvents,
    page: (request) =>
      request.method === 'GET' && request.path === HEALTH_PATH
        ? (refusal(request) ?? hecReply(200, 17, 'HEC is healthy'))
        : undefined,
  }
}
