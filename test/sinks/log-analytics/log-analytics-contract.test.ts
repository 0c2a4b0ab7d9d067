import { logAnalyticsSink } from '../../../shared/sinks/log-analytics/sink.ts'
import { describeSinkContract } from '../../contract/sink-contract.ts'
import { trustingClient } from './trusting-client.ts'

const TOKEN = 'eyJ0eXAiOiJKV1QifQ.not-for-any-log.signature'
const RULE_ID = `dcr-${'0'.repeat(32)}`

describeSinkContract(
  'the Log Analytics sink',
  ({ origin, caPem, nowMs }) =>
    logAnalyticsSink({
      endpoint: origin,
      ruleId: RULE_ID,
      credential: { getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }) },
      nowMs,
      httpClient: trustingClient(caPem),
    }),
  {
    delivered: [204],
    saysWhenDelivered: '',
    saysWhenChecked: '',
    notDelivered: [200, 201, 202, 203, 205, 206, 207],
    // A token may have been revoked before its time.
    askedAgain: [401],
    // The service has no idempotency header: receivers drop rows by EventId.
    requestIdHeader: 'x-ms-client-request-id',
    idempotencyKeys: ({ body }) => JSON.parse(body.toString()).map((row: { EventId: string }) => row.EventId),
    secrets: [TOKEN],
  },
)
