import type { ServerCertificate } from '../../../../local/emulators/tls/local-authority.ts'
import { type ScriptedAnswer, status } from '../../scripted-answer.ts'
import { type RecordedRequest, startScriptedServer } from '../../scripted-server.ts'
import { type Members, parseMembers, unknownMembers } from '../members.ts'

/** Kibana's import of detection rules. */
export interface Kibana {
  readonly origin: string
  /** By `rule_id`. */
  readonly rules: ReadonlyMap<string, Members>
  readonly stop: () => Promise<void>
}

const PATH = '/api/detection_engine/rules/_import'
/** https://www.elastic.co/docs/api/doc/kibana/operation/operation-createrule: rules of the type ES|QL */
const REQUIRED = ['rule_id', 'name', 'description', 'risk_score', 'severity', 'type', 'language', 'query']
const OPTIONAL = [
  'alert_suppression',
  'author',
  'building_block_type',
  'enabled',
  'false_positives',
  'from',
  'interval',
  'license',
  'max_signals',
  'note',
  'references',
  'setup',
  'tags',
  'threat',
  'timestamp_override',
  'timestamp_override_fallback_disabled',
  'to',
  'version',
]
const SEVERITIES = ['low', 'medium', 'high', 'critical']

const json = (code: number, body: object): ScriptedAnswer =>
  status(code, { 'content-type': 'application/json' }, JSON.stringify(body))
const refuse = (code: number, message: string): ScriptedAnswer => json(code, { statusCode: code, message })

function ruleProblem(rule: Members | undefined): string | undefined {
  if (rule === undefined) return 'no JSON object'
  const [missing] = REQUIRED.filter((name) => !(name in rule))
  if (missing !== undefined) return `${missing}: Required`
  const [unknown] = unknownMembers(rule, [...REQUIRED, ...OPTIONAL])
  if (unknown !== undefined) return `${unknown}: unrecognized`
  if (rule['type'] !== 'esql' || rule['language'] !== 'esql') return 'type: Invalid discriminator value'
  if (!SEVERITIES.includes(String(rule['severity']))) return 'severity: Invalid enum value'
  const score = rule['risk_score']
  return Number.isInteger(score) && Number(score) >= 0 && Number(score) <= 100
    ? undefined
    : 'risk_score: Invalid'
}

interface FormFile {
  readonly name: string
  readonly text: string
}

/** The part `file` of a form, with the name that it was given. */
function fileOf({ headers, body }: RecordedRequest): FormFile | undefined {
  const [, boundary] = /^multipart\/form-data; boundary=(\S+)$/.exec(headers['content-type'] ?? '') ?? []
  if (boundary === undefined) return undefined
  for (const part of body.toString().split(`--${boundary}`)) {
    const [head = '', text = ''] = part.split('\r\n\r\n')
    const [, name] = /^content-disposition: form-data; name="file"; filename="([^"]+)"/im.exec(head) ?? []
    if (name !== undefined) return { name, text }
  }
  return undefined
}

/** @param apiKey of somebody who may manage rules */
export async function startKibana(certificate: ServerCertificate, apiKey: string): Promise<Kibana> {
  const rules = new Map<string, Members>()

  function importRules({ name, text }: FormFile): ScriptedAnswer {
    if (!name.endsWith('.ndjson')) return refuse(400, `Invalid file extension ${name}`)
    const errors: { readonly message: string }[] = []
    for (const line of text.trimEnd().split('\n')) {
      const rule = parseMembers(line)
      const problem = ruleProblem(rule)
      const id = String(rule?.['rule_id'])
      if (problem !== undefined) errors.push({ message: problem })
      else if (rules.has(id)) errors.push({ message: `rule_id: "${id}" already exists` })
      else rules.set(id, rule ?? {})
    }
    return json(200, { success: errors.length === 0, success_count: rules.size, errors })
  }

  const server = await startScriptedServer(certificate)
  server.answering((request) => {
    const { method, path, headers } = request
    if (headers.authorization !== `ApiKey ${apiKey}`) return refuse(401, 'Unauthorized')
    if (headers['kbn-xsrf'] === undefined) return refuse(400, 'Request must contain a kbn-xsrf header.')
    if (method !== 'POST' || path !== PATH) return refuse(404, 'Not Found')
    const file = fileOf(request)
    return file === undefined
      ? refuse(400, '[request body.file]: expected value of type [Stream]')
      : importRules(file)
  })
  return { origin: server.origin, rules, stop: () => server.stop() }
}
