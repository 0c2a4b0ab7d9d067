import type { RpcData } from '../core/rpc-data.ts'

/**
 * The fields of a JSON object message as metadata: objects stay objects, other values become text,
 * arrays are dropped. Other messages have none. Source: Utility.ApplyBindingData in
 * https://github.com/Azure/azure-functions-host
 */
export function parseMessageFields(text: string): ReadonlyMap<string, RpcData> {
  const fields = new Map<string, RpcData>()
  const parsed = parseIfJson(text)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return fields
  for (const [name, value] of Object.entries(parsed)) {
    if (!Array.isArray(value)) fields.set(name, field(value))
  }
  return fields
}

function field(value: unknown): RpcData {
  if (value === null) return {}
  if (typeof value === 'object') return { json: JSON.stringify(value) }
  if (typeof value === 'boolean') return { string: value ? 'True' : 'False' }
  return { string: typeof value === 'string' ? value : JSON.stringify(value) }
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
