import type { Environment } from './setting-problems.ts'

type Values = Record<string, string>

const texts = (entries: readonly (readonly [unknown, unknown])[]): Values | undefined => {
  const values: Values = {}
  for (const [name, value] of entries) {
    if (typeof name !== 'string' || typeof value !== 'string') return undefined
    values[name] = value
  }
  return values
}

const pairOf = (item: unknown): readonly [unknown, unknown] =>
  typeof item === 'object' && item !== null && 'name' in item && 'value' in item
    ? [item.name, item.value ?? '']
    : [undefined, undefined]

/**
 * App settings from a file: `local.settings.json`, the output of `az functionapp config appsettings
 * list`, or an object of strings.
 * @returns `undefined` for any other content
 */
export function parseSettingsFile(text: string): Environment | undefined {
  try {
    const content: unknown = JSON.parse(text)
    if (Array.isArray(content)) return texts(content.map(pairOf))
    if (typeof content !== 'object' || content === null) return undefined
    const values: unknown = 'Values' in content ? content.Values : content
    return typeof values === 'object' && values !== null ? texts(Object.entries(values)) : undefined
  } catch {
    return undefined
  }
}
