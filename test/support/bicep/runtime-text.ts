import { createHash } from 'node:crypto'
import { runtimeValue } from './runtime-values.ts'

/** Any name will do that is the same for the same parts and another for others. */
const guidOf = (parts: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify(parts))
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')

/** The functions that the compiler leaves in a snapshot because they wait for a value of Azure's. */
const FUNCTIONS: Readonly<Record<string, (...args: string[]) => string>> = {
  format: (form = '', ...args) => form.replaceAll(/\{(\d+)\}/g, (_, at) => args[Number(at)] ?? ''),
  guid: (...parts) => guidOf(parts),
  replace: (text = '', from = '', to = '') => text.replaceAll(from, to),
  resourceId: (subscription = '', group = '', type = '', ...names) => {
    const [provider = '', ...kinds] = type.split('/')
    const path = kinds.map((kind, i) => `${kind}/${names[i]}`).join('/')
    return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${provider}/${path}`
  },
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const unquoted = (literal: string): string => literal.slice(1, -1).replaceAll("''", "'")

const TEXT = "'(?:[^']|'')*'"
const LITERAL = new RegExp(TEXT, 'g')
const WHOLE = new RegExp(`^${TEXT}$`)
const CALL = new RegExp(`\\b(${Object.keys(FUNCTIONS).join('|')})\\((${TEXT}(?:, ${TEXT})*)\\)`)
const LAST_OF_SPLIT = new RegExp(`\\blast\\(split\\((${TEXT}), '/'\\)\\)`)
const REFERENCE = /\breference\('([^']*)', '[^']*'\)((?:\.\w+)+)/g

/**
 * An expression of a snapshot as Azure would finish it: the values that Azure gives, and the few
 * functions round them. Throws for one that is not among these.
 */
export function runtimeText(expression: string, parameters: Readonly<Record<string, string>>): string {
  let text = expression
    .slice(1, -1)
    .replaceAll(REFERENCE, (whole, id, path) => {
      const value = runtimeValue(id, path.slice(1))
      if (value === undefined) throw new Error(`Azure gives nothing for ${whole}`)
      return quoted(value)
    })
    .replaceAll('environment().suffixes.storage', "'core.windows.net'")
    .replaceAll('environment().resourceManager', "'https://management.azure.com/'")
    .replaceAll(/\bparameters\('(\w+)'\)/g, (_, name) => quoted(parameters[name] ?? ''))
  while (!WHOLE.test(text)) {
    const before = text
    text = text
      .replace(LAST_OF_SPLIT, (_, literal) => quoted(unquoted(literal).split('/').at(-1) ?? ''))
      .replace(CALL, (_, name, args) =>
        quoted(FUNCTIONS[name]?.(...(args.match(LITERAL) ?? []).map(unquoted)) ?? ''),
      )
    if (text === before) throw new Error(`cannot be finished: ${text}`)
  }
  return unquoted(text)
}
