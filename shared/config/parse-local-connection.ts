import type { LocalConnection } from './local-connection.ts'

/** Parses a connection file; `undefined` if it is not one of ours. */
export function parseLocalConnection(text: string): LocalConnection | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    if (!('v' in value) || value.v !== 1 || !('pid' in value) || typeof value.pid !== 'number')
      return undefined
    if (!('environment' in value) || typeof value.environment !== 'object' || value.environment === null)
      return undefined
    const environment: Record<string, string> = {}
    for (const [name, setting] of Object.entries(value.environment)) {
      if (typeof setting !== 'string') return undefined
      environment[name] = setting
    }
    return { v: 1, pid: value.pid, environment }
  } catch {
    return undefined
  }
}
