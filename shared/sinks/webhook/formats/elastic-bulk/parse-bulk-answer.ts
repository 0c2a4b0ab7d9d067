import { isJsonObject, type Json } from '../../../../encoding/json.ts'

/** The outcome of one action. */
export interface BulkItem {
  readonly status: number
  /** Absent if the answer was filtered. */
  readonly id: string | undefined
  /** Elasticsearch's name of the error, if there is one, such as `document_parsing_exception`. */
  readonly errorType: string | undefined
  /** Whether the document went to the failure store of its data stream. */
  readonly isInFailureStore: boolean
}

/** A name, and so no content. */
const NAME = /^\w{1,100}$/

const nameOr = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && NAME.test(value) ? value : undefined

function itemOf(action: Json): BulkItem | undefined {
  const result = isJsonObject(action) ? action['create'] : undefined
  if (!isJsonObject(result)) return undefined
  const { status, _id: id, error, failure_store: failureStore } = result
  if (typeof status !== 'number' || !Number.isSafeInteger(status)) return undefined
  return {
    status,
    id: typeof id === 'string' ? id : undefined,
    errorType: nameOr(isJsonObject(error) ? error['type'] : error),
    isInFailureStore: failureStore === 'used',
  }
}

/**
 * Parses `{"errors","items":[{"create":{"status","_id","error":{"type"}}}]}`, in the order of the
 * actions; `undefined` for anything else, such as a proxy's page or a truncated body.
 */
export function parseBulkAnswer(body: string): readonly BulkItem[] | undefined {
  let answer: Json
  try {
    answer = JSON.parse(body)
  } catch {
    return undefined
  }
  const items = isJsonObject(answer) ? answer['items'] : undefined
  if (!Array.isArray(items)) return undefined
  const parsed = items.map(itemOf)
  return parsed.every((item) => item !== undefined) ? parsed : undefined
}
