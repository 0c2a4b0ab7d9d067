import { type ScriptedAnswer, status } from '../../scripted-answer.ts'
import { type RecordedRequest, startScriptedServer } from '../../scripted-server.ts'
import type { Followed, World } from '../followed.ts'
import { isObject, type Members, parseMembers } from '../members.ts'
import { PageSteps } from '../page-steps.ts'

const PATH = '/v1alpha/projects/soc/locations/eu/instances/soc/feeds/risk:importPushLogs'
const API_KEY = 'an-api-key-of-the-console'
const SECRET = 'the-secret-key-of-the-feed'
const MAX_BYTES = 4_000_000

const refuse = (code: number, message: string): ScriptedAnswer =>
  status(code, { 'content-type': 'application/json' }, JSON.stringify({ error: { code, message } }))

/**
 * Why a webhook feed refuses a request:
 * https://docs.cloud.google.com/chronicle/docs/ingestion/setup-siem-webhook
 */
function refusal({ method, path, headers, body }: RecordedRequest): ScriptedAnswer | undefined {
  if (path !== PATH) return refuse(404, 'Requested entity was not found.')
  if (method !== 'POST') return refuse(405, 'Method Not Allowed')
  if (headers['x-goog-api-key'] !== API_KEY) return refuse(403, 'API key not valid.')
  if (headers['x-webhook-access-key'] !== SECRET) return refuse(403, 'The secret key is not valid.')
  if (headers['content-type'] !== 'application/json') return refuse(415, 'Content-Type is not supported.')
  return body.length > MAX_BYTES ? refuse(413, 'The request exceeds 4 MB.') : undefined
}

/** An event is split off at each line feed, and has what the parser moves. */
function eventOf(line: string): Members | undefined {
  const { event, udm } = parseMembers(line) ?? {}
  const isWhole =
    isObject(udm) && isObject(udm['metadata']) && typeof udm['metadata']['event_type'] === 'string'
  return isWhole && isObject(event) ? event : undefined
}

/** Follows the page of Google SecOps up to its settings. */
export async function followGoogleSecops({ authority, hosts }: World): Promise<Followed> {
  const steps = new PageSteps('google-secops')
  const feed = await startScriptedServer(await authority.issue(hosts))
  const events: Members[] = []
  const unread: string[] = []
  feed.answering((request) => {
    const refused = refusal(request)
    if (refused !== undefined) return refused
    for (const line of request.body.toString().trimEnd().split('\n')) {
      const event = eventOf(line)
      if (event === undefined) unread.push(`no event for the parser: ${line.slice(0, 200)}`)
      else events.push(event)
    }
    return status(200, { 'content-type': 'application/json' }, '{}')
  })
  steps.needsProduct('metadata.vendor_name = "Microsoft" AND', 'search')
  steps.needsProduct('rule entra_workload_identity_high_risk', 'rule')
  const instead = {
    'the endpoint of the feed': `${feed.origin}${PATH}`,
    '<secret key of the feed>': SECRET,
  }
  return {
    name: 'secops',
    steps,
    settings: steps.settings({
      instead,
      vault: {
        'secops-api-key': API_KEY,
        'secops-headers': steps.code('X-Webhook-Access-Key', { instead }),
      },
    }),
    arrived: () => events.map(({ eventId, kind }) => ({ eventId: String(eventId), kind: String(kind) })),
    problems: () => unread,
    stop: () => feed.stop(),
  }
}
