import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** One action of a bulk request. */
export interface BulkAction {
  readonly operation: string
  readonly index: string
  readonly id: string
  /** Absent if it is no JSON object. */
  readonly document: JsonObject | undefined
}

const parsed = (line: string): JsonObject | undefined => {
  try {
    const value = JSON.parse(line) as Json
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** Parses a bulk request, or says why it is refused as a whole. */
export function parseBulkActions(body: string): readonly BulkAction[] | string {
  if (body === '') return 'request body is required'
  if (!body.endsWith('\n')) return 'The bulk request must be terminated by a newline [\\n]'
  const lines = body.slice(0, -1).split('\n')
  const actions: BulkAction[] = []
  for (let at = 0; at < lines.length; at += 2) {
    const line = parsed(lines[at] ?? '')
    const [operation, target] = Object.entries(line ?? {})[0] ?? []
    if (operation === undefined || target === undefined || !isJsonObject(target))
      return `Malformed action/metadata line [${at + 1}]`
    const { _index: index, _id: id } = target
    actions.push({ operation, index: textOf(index), id: textOf(id), document: parsed(lines[at + 1] ?? '') })
  }
  return actions
}
