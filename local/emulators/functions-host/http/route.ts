/** A matched route's parameters by name. */
export type RouteParameters = Readonly<Record<string, string>>

/** A route template, ready to match paths. */
export interface Route {
  readonly pattern: RegExp
  readonly names: readonly string[]
  /** How many of its segments are fixed: of two routes that match, the one with more is meant. */
  readonly fixedSegments: number
}

/**
 * Reads a route such as `things/{id}/{part?}` or `files/{*path}`. Constraints (`{id:int}`) are
 * refused: the local host would match more than Azure.
 */
export function parseRoute(template: string): Route {
  const names: string[] = []
  let fixedSegments = 0
  const parts = template.split('/').map((segment) => {
    const parameter = /^\{(\*?)(\w+)(\??)\}$/.exec(segment)
    if (parameter === null) {
      if (segment.includes('{'))
        throw new Error(`The route "${template}" has "${segment}", which the local host cannot match.`)
      fixedSegments++
      return `/${segment.replace(/[.*+?^$()|[\]\\]/g, '\\$&')}`
    }
    const [, star, name = '', optional] = parameter
    names.push(name)
    if (star) return '(?:/(.*))?'
    return optional ? '(?:/([^/]+))?' : '/([^/]+)'
  })
  return { pattern: new RegExp(`^${parts.join('')}/?$`, 'i'), names, fixedSegments }
}

/** The parameters if the path (with a leading slash, below the prefix) fits; undefined if not. */
export function matchRoute(route: Route, path: string): RouteParameters | undefined {
  const match = route.pattern.exec(path)
  if (match === null) return undefined
  const found = route.names.map((name, index) => [name, match[index + 1]] as const)
  return Object.fromEntries(
    found.flatMap(([name, value]) => (value === undefined ? [] : [[name, decode(value)]])),
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
