import { parseHecEvents } from '../../../../local/emulators/siem/parse-hec-events.ts'
import { splunkHecForm } from '../../../../local/emulators/siem/splunk-hec-form.ts'
import type { ServerCertificate } from '../../../../local/emulators/tls/local-authority.ts'
import { type ScriptedAnswer, status } from '../../scripted-answer.ts'
import { type RecordedRequest, startScriptedServer } from '../../scripted-server.ts'
import type { Members } from '../members.ts'

/** Splunk as far as its page uses it: management port and HTTP Event Collector. */
export interface SplunkServer {
  readonly management: string
  readonly collector: string
  /** As sent, in order. */
  readonly events: readonly Members[]
  readonly stop: () => Promise<void>
}

interface Token {
  readonly token: string
  readonly indexes: readonly string[]
}

const INPUTS = '/servicesNS/nobody/splunk_httpinput/data/inputs/http'
/** https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data */
const PARAMETERS = [
  'name',
  'index',
  'indexes',
  'useACK',
  'disabled',
  'description',
  'source',
  'sourcetype',
  'host',
]

const json = (code: number, body: object): ScriptedAnswer =>
  status(code, { 'content-type': 'application/json' }, JSON.stringify(body))
const refuse = (code: number, text: string): ScriptedAnswer =>
  json(code, { messages: [{ type: 'ERROR', text }] })

/** @param key authentication token of an administrator */
export async function startSplunkServer(certificate: ServerCertificate, key: string): Promise<SplunkServer> {
  const indexes = new Set(['main'])
  const tokens = new Map<string, Token>()
  const events: Members[] = []
  let isOn = false

  function newToken(parameters: URLSearchParams): ScriptedAnswer {
    const [unknown] = [...parameters.keys()].filter((one) => !PARAMETERS.includes(one))
    if (unknown !== undefined) return refuse(400, `Argument "${unknown}" is not supported by this handler.`)
    const name = parameters.get('name') ?? ''
    if (name === '') return refuse(400, 'The following required arguments are missing: name.')
    if (tokens.has(name)) return refuse(409, `An object with name=${name} already exists`)
    const allowed = [parameters.get('index') ?? 'main', ...(parameters.get('indexes')?.split(',') ?? [])]
    const [missing] = allowed.filter((index) => !indexes.has(index))
    if (missing !== undefined) return refuse(400, `index=${missing} does not exist`)
    if (parameters.get('useACK') === '1')
      return refuse(400, 'the exporter sends no channel: acknowledgement is off')
    const made = { token: `00000000-0000-4000-8000-00000000000${tokens.size}`, indexes: allowed }
    tokens.set(name, made)
    return json(201, { entry: [{ name: `http://${name}`, content: { token: made.token, disabled: false } }] })
  }

  function manage({ method, path, headers, body }: RecordedRequest): ScriptedAnswer {
    if (headers.authorization !== `Bearer ${key}`) return refuse(401, 'call not properly authenticated')
    if (method !== 'POST') return refuse(405, 'Method Not Allowed')
    const parameters = new URLSearchParams(body.toString())
    switch (path) {
      case '/services/data/indexes?output_mode=json': {
        const name = parameters.get('name') ?? ''
        if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) return refuse(400, `Invalid index name: ${name}`)
        if (indexes.has(name)) return refuse(409, `Index name=${name} already exists.`)
        indexes.add(name)
        return json(201, { entry: [{ name }] })
      }
      case `${INPUTS}/http/enable?output_mode=json`:
        isOn = true
        return json(200, { entry: [] })
      case `${INPUTS}?output_mode=json`:
        return newToken(parameters)
      default:
        return refuse(404, 'Not Found')
    }
  }

  function collect(request: RecordedRequest): ScriptedAnswer {
    const [shown] = [...tokens.values()].filter(
      ({ token }) => request.headers.authorization === `Splunk ${token}`,
    )
    const form = splunkHecForm(shown?.token ?? 'no token was made')
    const parts = { method: request.method, path: request.path, headers: request.headers }
    const page = form.page(parts)
    if (page !== undefined) return status(page.status, page.headers, page.body)
    if (request.path !== form.path) return refuse(404, 'The requested URL was not found on this server.')
    const refusal = form.refusal(parts) ?? parseHecEvents(request.body).refusal
    if (refusal !== undefined) return status(refusal.status, refusal.headers, refusal.body)
    const sent = parseHecEvents(request.body).events
    const wrong = sent.findIndex(
      ({ index }) => index !== undefined && !shown?.indexes.some((one) => one === index),
    )
    if (wrong >= 0) return json(400, { text: 'Incorrect index', code: 7, 'invalid-event-number': wrong })
    events.push(...sent)
    return json(200, { text: 'Success', code: 0 })
  }

  const [management, collector] = [
    await startScriptedServer(certificate),
    await startScriptedServer(certificate),
  ]
  management.answering(manage)
  collector.answering((request) => (isOn ? collect(request) : { kind: 'reset' }))
  return {
    management: management.origin,
    collector: collector.origin,
    events,
    stop: async () => {
      await management.stop()
      await collector.stop()
    },
  }
}
