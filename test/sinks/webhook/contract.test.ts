import { describeSinkContract } from '../../contract/sink-contract.ts'
import { allCreated } from './bulk-answers.ts'
import { apiKey, NEXT_SECRET, SECRET, splunkToken, TOKEN, webhook } from './webhook-under-test.ts'

const webhookIdOf = ({ headers }: { headers: Readonly<Record<string, string | string[] | undefined>> }) =>
  [headers['webhook-id'] ?? []].flat()

describeSinkContract(
  'webhook with CloudEvents',
  ({ origin, caPem, nowMs }) =>
    webhook({ url: `${origin}/hooks/entra?key=in-the-query`, caPem, nowMs, secrets: [SECRET, NEXT_SECRET] }),
  {
    delivered: [204, 200, 201, 202, 203, 205, 206, 208],
    saysWhenDelivered: '',
    saysWhenChecked: '',
    notDelivered: [207],
    askedAgain: [],
    idempotencyKeys: webhookIdOf,
    requestIdHeader: 'webhook-id',
    secrets: [SECRET, NEXT_SECRET, 'in-the-query'],
  },
)

describeSinkContract(
  'webhook with Elasticsearch',
  ({ origin, caPem, nowMs }) =>
    webhook({ url: `${origin}/_bulk`, caPem, nowMs, format: 'elastic-bulk', authentication: apiKey(TOKEN) }),
  {
    delivered: [200, 201, 202],
    saysWhenDelivered: allCreated,
    saysWhenChecked: '{"username":"entra-risk-export","enabled":true}',
    notDelivered: [200, 201, 202, 203, 204, 205, 206, 207],
    askedAgain: [],
    idempotencyKeys: webhookIdOf,
    requestIdHeader: 'webhook-id',
    connectsLike: 'webhook with CloudEvents',
    secrets: [SECRET, TOKEN],
  },
)

describeSinkContract(
  'webhook with Splunk HEC',
  ({ origin, caPem, nowMs }) =>
    webhook({
      url: `${origin}/services/collector/event`,
      caPem,
      nowMs,
      format: 'splunk-hec',
      authentication: splunkToken(TOKEN),
      splunkIndex: 'entra_risk',
    }),
  {
    delivered: [200, 201, 202],
    saysWhenDelivered: '{"text":"Success","code":0}',
    saysWhenChecked: '{"text":"HEC is healthy","code":17}',
    notDelivered: [200, 201, 202, 203, 204, 205, 206, 207],
    askedAgain: [],
    idempotencyKeys: webhookIdOf,
    requestIdHeader: 'webhook-id',
    connectsLike: 'webhook with CloudEvents',
    secrets: [SECRET, TOKEN],
  },
)
