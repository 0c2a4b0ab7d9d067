import { elasticBulkForm } from '../../../../local/emulators/siem/elastic-bulk-form.ts'
import { parseBulkActions } from '../../../../local/emulators/siem/parse-bulk-actions.ts'
import type { ServerCertificate } from '../../../../local/emulators/tls/local-authority.ts'
import { mappingProblems } from '../../elastic-mapping.ts'
import { type ScriptedAnswer, status } from '../../scripted-answer.ts'
import { type RecordedRequest, startScriptedServer } from '../../scripted-server.ts'
import { type Members, parseMembers } from '../members.ts'
import { type Permits, parseKeyRequest } from './api-key.ts'
import { type IndexTemplate, parseIndexTemplate } from './index-template.ts'
import { type Ingest, parsePipeline } from './ingest-pipeline.ts'

/** Elasticsearch as far as its page uses it: refuses what the published API refuses. */
export interface ElasticCluster {
  readonly origin: string
  /** By id, as stored: after the pipeline. */
  readonly documents: ReadonlyMap<string, Members>
  /** What is stored, but not as the template means it. */
  readonly problems: readonly string[]
  readonly stop: () => Promise<void>
}

const JSON_TYPE = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }
const answer = (code: number, body: object): ScriptedAnswer => status(code, JSON_TYPE, JSON.stringify(body))
const refuse = (code: number, type: string, reason: string): ScriptedAnswer =>
  answer(code, { error: { root_cause: [{ type, reason }], type, reason }, status: code })
const acknowledged = answer(200, { acknowledged: true })
const authorization = ({ headers }: RecordedRequest): string => headers.authorization ?? ''

/** @param adminKey of somebody who may do everything but write */
export async function startElasticCluster(
  certificate: ServerCertificate,
  adminKey: string,
): Promise<ElasticCluster> {
  const templates = new Map<string, IndexTemplate>()
  const pipelines = new Map<string, Ingest>()
  const keys = new Map<string, Permits>()
  const documents = new Map<string, Members>()
  const problems: string[] = []
  const bulk = elasticBulkForm('')

  function putPart(path: string, body: Members): ScriptedAnswer {
    const [, kind, name = ''] = /^\/(_ingest\/pipeline|_index_template)\/([\w-]+)$/.exec(path) ?? []
    if (kind === undefined) return refuse(405, 'method_not_allowed', path)
    if (kind === '_index_template') {
      const template = parseIndexTemplate(body)
      if (typeof template === 'string') return refuse(400, 'illegal_argument_exception', template)
      templates.set(name, template)
      return acknowledged
    }
    const pipeline = parsePipeline(body)
    if (typeof pipeline === 'string') return refuse(400, 'parse_exception', pipeline)
    pipelines.set(name, pipeline)
    return acknowledged
  }

  function newKey(body: Members): ScriptedAnswer {
    const permits = parseKeyRequest(body)
    if (typeof permits === 'string') return refuse(400, 'illegal_argument_exception', permits)
    const [id, key] = [`key-${keys.size}`, `made-here-${keys.size}`]
    const encoded = Buffer.from(`${id}:${key}`).toString('base64')
    keys.set(encoded, permits)
    return answer(200, { id, name: body['name'], api_key: key, encoded })
  }

  function administer(request: RecordedRequest): ScriptedAnswer {
    if (authorization(request) !== `ApiKey ${adminKey}`)
      return refuse(401, 'security_exception', 'unable to authenticate')
    if (request.headers['content-type'] !== 'application/json')
      return refuse(406, 'media_type_header_exception', 'Content-Type header is not supported')
    const body = parseMembers(request.body.toString())
    if (body === undefined) return refuse(400, 'parse_exception', 'request body is no JSON object')
    if (request.method === 'PUT') return putPart(request.path, body)
    return request.path === '/_security/api_key'
      ? newKey(body)
      : refuse(405, 'method_not_allowed', request.path)
  }

  function store(id: string, index: string, document: Members): void {
    const template = [...templates.values()].find(({ patterns }) => patterns.some((one) => one.test(index)))
    if (template === undefined) problems.push(`${index} has no template of ours`)
    const ingest = template?.pipeline === undefined ? undefined : pipelines.get(template.pipeline)
    const stored = ingest?.(document, new Date()) ?? document
    problems.push(...mappingProblems(template?.mappings ?? {}, stored))
    documents.set(id, stored)
  }

  function write(request: RecordedRequest): ScriptedAnswer {
    const permits = keys.get(authorization(request).replace(/^ApiKey /, ''))
    if (permits === undefined) return refuse(401, 'security_exception', 'unable to authenticate')
    if (request.path === '/_security/_authenticate') return answer(200, { username: 'admin', enabled: true })
    if (request.headers['content-type'] !== 'application/x-ndjson')
      return refuse(406, 'media_type_header_exception', 'Content-Type header is not supported')
    const actions = parseBulkActions(request.body.toString())
    if (typeof actions === 'string') return refuse(400, 'illegal_argument_exception', actions)
    for (const { index, operation } of actions)
      if (operation !== 'create' || !permits(index, 'create_doc') || !permits(index, 'auto_configure'))
        return refuse(403, 'security_exception', `unauthorized for API key on indices [${index}]`)
    for (const { pipeline } of templates.values())
      if (pipeline !== undefined && !pipelines.has(pipeline))
        return refuse(400, 'illegal_argument_exception', `pipeline with id [${pipeline}] does not exist`)
    const { ids, answer: items } = bulk.readEvents(request.body, {
      method: 'POST',
      path: '/_bulk',
      headers: {},
    })
    for (const { id, index, document = {} } of actions) if (ids.includes(id)) store(id, index, document)
    return status(items?.status ?? 500, items?.headers, items?.body)
  }

  const server = await startScriptedServer(certificate)
  server.answering((request) =>
    ['/_bulk', '/_security/_authenticate'].includes(request.path) ? write(request) : administer(request),
  )
  return { origin: server.origin, documents, problems, stop: () => server.stop() }
}
