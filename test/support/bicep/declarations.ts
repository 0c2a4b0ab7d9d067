/** What a Bicep file declares, as far as its lines tell. What it means is the compiler's to say. */
export interface Declarations {
  readonly parameters: readonly Parameter[]
  readonly outputs: readonly string[]
}

export interface Parameter {
  readonly name: string
  readonly type: string
  /** As it is written, `null` of a nullable type; absent where there is none. */
  readonly fallback?: string
  /** Names of its decorators. */
  readonly decorators: readonly string[]
}

const DECORATOR = /^@(\w+)\(/
const PARAMETER = /^param (\w+) (\S+)(?: = (.+))?$/
const OUTPUT = /^output (\w+) /gm

export function declarationsOf(bicep: string): Declarations {
  const parameters: Parameter[] = []
  let decorators: readonly string[] = []
  for (const line of bicep.split('\n')) {
    const decorator = DECORATOR.exec(line)?.[1]
    const [, name, type, written] = PARAMETER.exec(line) ?? []
    const fallback = written ?? (type?.endsWith('?') ? 'null' : undefined)
    if (decorator !== undefined) decorators = [...decorators, decorator]
    if (name === undefined || type === undefined) continue
    parameters.push({ name, type, decorators, ...(fallback === undefined ? {} : { fallback }) })
    decorators = []
  }
  return { parameters, outputs: [...bicep.matchAll(OUTPUT)].map(([, name = '']) => name) }
}

/** Names of the properties of an object type. */
export function propertiesOfType(bicep: string, name: string): readonly string[] {
  const body = new RegExp(`^type ${name} = \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(bicep)?.[1] ?? ''
  return [...body.matchAll(/^ {2}(\w+): /gm)].map(([, property = '']) => property)
}
