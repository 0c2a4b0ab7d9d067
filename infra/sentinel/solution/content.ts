import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'

/** An analytics rule or hunting query, as far as the package looks into it; the rest is handed on. */
export interface Query {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly version: string
  readonly query: string
  readonly tactics: readonly string[]
  readonly relevantTechniques: readonly string[]
}

export interface Rule extends Query {
  readonly kind: string
  readonly severity: string
  readonly requiredDataConnectors: readonly {
    readonly connectorId: string
    readonly dataTypes: readonly string[]
  }[]
  readonly queryFrequency: string
  readonly queryPeriod: string
  readonly triggerOperator: string
  readonly triggerThreshold: number
  readonly suppressionDuration?: string
  readonly suppressionEnabled?: boolean
  readonly entityMappings?: readonly object[]
  readonly customDetails?: Readonly<Record<string, string>>
  readonly alertDetailsOverride?: object
  readonly eventGroupingSettings?: object
  readonly incidentConfiguration?: object
}

/** A saved function, whichever of the two schemas its file has. */
export interface SavedFunction {
  readonly alias: string
  readonly title: string
  readonly category: string
  readonly version: string
  /** As KQL writes them: `disabled:bool=false`. */
  readonly parameters: string
  readonly query: string
}

export interface Watchlist {
  readonly alias: string
  readonly title: string
  readonly searchKey: string
  readonly description: string
  readonly csv: string
}

/** A file of the content and what stands in it. */
export interface Piece<T> {
  /** Without folder and extension. */
  readonly name: string
  readonly value: T
}

interface PlainFunctionYaml {
  readonly Function: { readonly Title: string; readonly Version: string }
  readonly Category: string
  readonly FunctionAlias: string
  readonly FunctionQuery: string
  readonly FunctionParameters?: string
}
interface AsimFunctionYaml {
  readonly Parser: { readonly Title: string; readonly Version: string }
  readonly ParserName: string
  readonly ParserParams: readonly {
    readonly Name: string
    readonly Type: string
    readonly Default: unknown
  }[]
  readonly ParserQuery: string
}

const functionOf = (yaml: PlainFunctionYaml | AsimFunctionYaml): SavedFunction =>
  'FunctionQuery' in yaml
    ? {
        alias: yaml.FunctionAlias,
        title: yaml.Function.Title,
        category: yaml.Category,
        version: yaml.Function.Version,
        parameters: yaml.FunctionParameters ?? '',
        query: yaml.FunctionQuery,
      }
    : {
        alias: yaml.ParserName,
        title: yaml.Parser.Title,
        category: 'ASIM',
        version: yaml.Parser.Version,
        parameters: yaml.ParserParams.map((p) => `${p.Name}:${p.Type}=${String(p.Default)}`).join(', '),
        query: yaml.ParserQuery,
      }

/** Each function after those that it calls. */
function inOrderOfUse(all: readonly Piece<SavedFunction>[]): readonly Piece<SavedFunction>[] {
  const ordered = new Set<Piece<SavedFunction>>()
  const visit = (piece: Piece<SavedFunction>): void => {
    if (ordered.has(piece)) return
    const calls = (alias: string) => new RegExp(`\\b${alias}\\s*\\(`).test(piece.value.query)
    for (const other of all) if (other !== piece && calls(other.value.alias)) visit(other)
    ordered.add(piece)
  }
  all.forEach(visit)
  return [...ordered]
}

const parseObject = (text: string): Readonly<Record<string, unknown>> => JSON.parse(text)

/** Everything under `infra/sentinel` that the solution consists of. */
export class SentinelContent {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  text(...path: readonly string[]): string {
    return readFileSync(join(this.#folder, ...path), 'utf8')
  }

  json(...path: readonly string[]): Readonly<Record<string, unknown>> {
    return parseObject(this.text(...path))
  }

  names(folder: string, extension: string): readonly string[] {
    return readdirSync(join(this.#folder, folder))
      .filter((file) => file.endsWith(extension))
      .map((file) => file.slice(0, -extension.length))
      .sort()
  }

  rules(): readonly Piece<Rule>[] {
    return this.#yamlPieces('rules')
  }

  hunts(): readonly Piece<Query>[] {
    return this.#yamlPieces('hunting')
  }

  functions(): readonly Piece<SavedFunction>[] {
    const pieces = this.#yamlPieces<PlainFunctionYaml | AsimFunctionYaml>('parsers')
    return inOrderOfUse(pieces.map(({ name, value }) => ({ name, value: functionOf(value) })))
  }

  watchlists(): readonly Watchlist[] {
    const declared = load(this.text('watchlists', 'watchlists.yaml')) as readonly Omit<Watchlist, 'csv'>[]
    return declared.map((list) => ({ ...list, csv: this.text('watchlists', `${list.alias}.csv`) }))
  }

  #yamlPieces<T>(folder: string): readonly Piece<T>[] {
    return this.names(folder, '.yaml').map((name) => ({
      name,
      value: load(this.text(folder, `${name}.yaml`)) as T,
    }))
  }
}
