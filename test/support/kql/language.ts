import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { quicken, type SlowBridge, type SlowLists } from './fast-bridge.ts'

/** A named symbol: table, column, function. */
export interface KqlSymbol {
  readonly Name: string
}

/** The parts of Microsoft's syntax tree that our checks read. */
export interface ServiceSyntax {
  readonly ChildCount: number
  GetChild(index: number): ServiceSyntax | null
  readonly TextStart: number
  readonly End: number
  readonly ReferencedSymbol?: KqlSymbol | null
  readonly ResultType?: KqlSymbol | null
  readonly Operator?: { readonly Text: string }
  readonly SimpleName?: string
  /** Text of a token; value of a literal, texts unquoted. */
  readonly Text?: string
  readonly LiteralValue?: unknown
}

/** What the language service says of one query. */
export interface KqlCode {
  GetDiagnostics(): unknown
  readonly Syntax: ServiceSyntax
  readonly ResultType: { readonly Columns?: unknown; readonly IsOpen?: boolean } | null
}
/** One remark of the language service. */
export interface KqlDiagnostic {
  readonly Code: string
  readonly Severity: string
  readonly Message: string
  readonly Start: number
}

interface Named {
  WithName(name: string): KqlSymbol
}

export interface Globals {
  WithCluster(cluster: unknown): Globals
  WithDatabase(database: unknown): Globals
}

interface KustoNamespace {
  readonly Language: {
    readonly KustoCode: {
      Parse(text: string): KqlCode
      ParseAndAnalyze(text: string, globals: Globals): KqlCode
    }
    readonly GlobalState: { readonly Default: Globals }
    readonly Symbols: {
      readonly TableSymbol: { From(declaration: string): Named }
      readonly FunctionSymbol: {
        readonly $ctor16: new (name: string, parameters: string, body: string, description: null) => KqlSymbol
      }
      readonly DatabaseSymbol: { readonly ctor: new (name: string, members: readonly unknown[]) => unknown }
      readonly ClusterSymbol: { readonly ctor: new (name: string, databases: readonly unknown[]) => unknown }
    }
  }
}

interface BridgeNamespace extends SlowBridge {
  toArray(list: unknown): unknown[]
  getTypeName(value: unknown): string
}

const load = (): { readonly Kusto: KustoNamespace; readonly Bridge: BridgeNamespace } => {
  const folder = dirname(createRequire(import.meta.url).resolve('@kusto/language-service-next/package.json'))
  const context = createContext({ console, setTimeout, clearTimeout, setInterval, clearInterval })
  for (const name of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
    runInContext(readFileSync(join(folder, name), 'utf8'), context, { filename: name })
  }
  const Bridge = runInContext('Bridge', context) as BridgeNamespace
  quicken(Bridge, runInContext('System.Array', context) as SlowLists)
  return { Kusto: runInContext('Kusto', context) as KustoNamespace, Bridge }
}

let loaded: ReturnType<typeof load> | undefined

/**
 * Microsoft's Kusto language service, in a realm of its own: it expects to set globals. It is
 * loaded when first asked for, which costs half a second.
 */
const service = (): ReturnType<typeof load> => {
  loaded ??= load()
  return loaded
}

export const kustoLanguage = (): KustoNamespace['Language'] => service().Kusto.Language
export const listOf = <T>(list: unknown): readonly T[] =>
  list === null || list === undefined ? [] : (service().Bridge.toArray(list) as T[])
export const typeNameOf = (value: unknown): string => service().Bridge.getTypeName(value)
/** The last part of the name of a type, such as `BinaryExpression`. */
export const lastNameOf = (value: unknown): string => {
  const name = typeNameOf(value)
  return name.slice(name.lastIndexOf('.') + 1)
}
