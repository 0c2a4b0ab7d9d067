import type { Mapping } from '../../elastic-mapping.ts'
import { isObject, type Members, unknownMembers } from '../members.ts'

/** https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-put-index-template */
const TEMPLATE = [
  'index_patterns',
  'data_stream',
  'template',
  'composed_of',
  'priority',
  'version',
  'allow_auto_create',
  'ignore_missing_component_templates',
  'deprecated',
  '_meta',
]
const INNER = ['settings', 'mappings', 'aliases', 'lifecycle']
const ROOT = [
  'properties',
  'dynamic',
  'date_detection',
  'numeric_detection',
  'dynamic_templates',
  'runtime',
  '_meta',
]
const ANY_FIELD = ['type', 'meta', 'copy_to', 'fields']
const INDEXED = [...ANY_FIELD, 'index', 'doc_values', 'null_value', 'store']
/** Parameters by type: https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/field-data-types */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  object: ['type', 'enabled', 'dynamic', 'properties', 'subobjects'],
  keyword: [...INDEXED, 'ignore_above', 'norms', 'normalizer', 'eager_global_ordinals'],
  constant_keyword: ['type', 'meta', 'value'],
  match_only_text: ['type', 'meta', 'fields', 'copy_to'],
  date: [...INDEXED, 'format', 'locale', 'ignore_malformed'],
  boolean: [...INDEXED, 'ignore_malformed'],
  long: [...INDEXED, 'coerce', 'ignore_malformed'],
  ip: [...INDEXED, 'ignore_malformed'],
  geo_point: [...ANY_FIELD, 'index', 'null_value', 'ignore_malformed', 'ignore_z_value'],
  flattened: [
    'type',
    'index',
    'doc_values',
    'null_value',
    'ignore_above',
    'depth_limit',
    'eager_global_ordinals',
  ],
}
const SETTINGS = [
  'index.default_pipeline',
  'index.final_pipeline',
  'index.mapping.ignore_malformed',
  'index.mapping.total_fields.limit',
]
/** Of Elastic's own template for `logs-*-*`. */
const BUILT_IN_PRIORITY = 100

/** The names of settings, which may be nested or dotted. */
const settingNames = (settings: Members, path = ''): readonly string[] =>
  Object.entries(settings).flatMap(([name, value]) => {
    const whole = path === '' ? name : `${path}.${name}`
    return isObject(value) ? settingNames(value, whole) : [whole]
  })

function fieldProblems(name: string, field: unknown): readonly string[] {
  if (!isObject(field)) return [`Expected map for property [${name}]`]
  const type = typeof field['type'] === 'string' ? field['type'] : 'object'
  const parameters = PARAMETERS[type]
  if (parameters === undefined) return [`No handler for type [${type}] declared on field [${name}]`]
  const inner = isObject(field['properties']) ? Object.entries(field['properties']) : []
  return [
    ...unknownMembers(field, parameters).map(
      (one) => `unknown parameter [${one}] on mapper [${name}] of type [${type}]`,
    ),
    ...inner.flatMap(([its, value]) => fieldProblems(`${name}.${its}`, value)),
  ]
}

/** What Elasticsearch keeps of an index template for data streams. */
export interface IndexTemplate {
  readonly patterns: readonly RegExp[]
  readonly pipeline: string | undefined
  readonly mappings: Mapping
}

const patternOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)

/** An index template as Elasticsearch takes it, or why it is refused. */
export function parseIndexTemplate(given: Members): IndexTemplate | string {
  const { template = {}, index_patterns: patterns, priority, data_stream: stream } = given
  if (!isObject(template)) return '[template] must be an object'
  const { settings = {}, mappings = {} } = template
  if (!isObject(settings) || !isObject(mappings)) return '[settings] and [mappings] must be objects'
  const { properties = {} } = mappings
  const [problem] = [
    ...unknownMembers(given, TEMPLATE).map((one) => `[index_template] unknown field [${one}]`),
    ...unknownMembers(template, INNER).map((one) => `[template] unknown field [${one}]`),
    ...unknownMembers(mappings, ROOT).map(
      (one) => `Root mapping definition has unsupported parameters: [${one}]`,
    ),
    ...settingNames(settings)
      .filter((one) => !SETTINGS.includes(one))
      .map((one) => `unknown setting [${one}]`),
    ...(isObject(properties)
      ? Object.entries(properties).flatMap(([name, field]) => fieldProblems(name, field))
      : []),
  ]
  if (problem !== undefined) return problem
  if (!Array.isArray(patterns) || patterns.length === 0) return 'index patterns are missing'
  if (!isObject(stream)) return 'data streams need [data_stream]'
  if (typeof priority !== 'number' || priority <= BUILT_IN_PRIORITY)
    return `index template has index patterns matching patterns from existing templates [logs] with the same or higher priority [${BUILT_IN_PRIORITY}]`
  const { index = {} } = settings
  const pipeline = isObject(index) ? index['default_pipeline'] : undefined
  return {
    patterns: patterns.map((one) => patternOf(String(one))),
    pipeline: typeof pipeline === 'string' ? pipeline : undefined,
    mappings,
  }
}
