/** Parameters of a matched route, by name. */
export type RouteParameters = Readonly<Record<string, string>>

/** A compiled route template. */
export interface Route {
  readonly pattern: RegExp
  readonly names: readonly string[]
  /** Number of fixed segments: of two matching routes, the one with more wins. */
  readonly fixedSegments: number
}

/**
 * Compiles a route such as `things/{id}/{part?}` or `files/{*path}`. Refuses constraints
 * (`{id:int}`): the local host would match more than Azure.
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

/**
 * Parameters if the path (with a leading slash, without the prefix) matches; otherwise undefined.
 */
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
