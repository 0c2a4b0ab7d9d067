import { isObject, type Members, unknownMembers } from '../members.ts'

const PIPELINE = ['description', 'processors', 'on_failure', 'version', 'deprecated', '_meta']
const ANY_PROCESSOR = ['description', 'if', 'ignore_failure', 'on_failure', 'tag', 'media_type']
/** https://www.elastic.co/docs/reference/enrich-processor */
const PROCESSORS: Readonly<Record<string, readonly string[]>> = {
  set: ['field', 'value', 'copy_from', 'override', 'ignore_empty_value'],
  append: ['field', 'value', 'allow_duplicates'],
}

/** Sets a field of a document, whose parts have dots between. */
const withField = (document: Members, [name = '', ...rest]: readonly string[], value: unknown): Members => {
  const inner = document[name]
  return {
    ...document,
    [name]: rest.length === 0 ? value : withField(isObject(inner) ? inner : {}, rest, value),
  }
}

function processorProblems(processor: unknown): readonly string[] {
  const [only, another] = isObject(processor) ? Object.entries(processor) : []
  const [name, options] = only ?? ['', undefined]
  const known = PROCESSORS[name]
  if (known === undefined || another !== undefined) return [`No processor type exists with name [${name}]`]
  if (!isObject(options)) return [`[${name}] options are missing`]
  return [
    ...unknownMembers(options, [...ANY_PROCESSOR, ...known]).map(
      (one) => `processor [${name}] doesn't support one or more provided configuration parameters [${one}]`,
    ),
    ...['field', 'value']
      .filter((one) => !(one in options))
      .map((one) => `[${one}] required property is missing`),
  ]
}

/** What becomes of a document that arrives. */
export type Ingest = (document: Members, at: Date) => Members

/** A pipeline as Elasticsearch takes it, or why it is refused. */
export function parsePipeline(given: Members): Ingest | string {
  const { processors, on_failure: onFailure = [] } = given
  if (!Array.isArray(processors) || !Array.isArray(onFailure))
    return '[processors] required property is missing'
  const [problem] = [
    ...unknownMembers(given, PIPELINE).map(
      (one) => `pipeline doesn't support one or more provided configuration parameters [${one}]`,
    ),
    ...[...processors, ...onFailure].flatMap(processorProblems),
  ]
  if (problem !== undefined) return problem
  return (document, at) =>
    processors.reduce((sofar: Members, { set }) => {
      if (set === undefined) throw new Error('only set is run here')
      const value = String(set.value).replace('{{{_ingest.timestamp}}}', at.toISOString())
      return withField(sofar, String(set.field).split('.'), value)
    }, document)
}
