import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'

const ROOT = 'infra/sentinel'

/** One saved function: ours, or an ASIM parser, whose YAML has other names. */
export interface Parser {
  readonly file: string
  readonly id: string | undefined
  readonly functionAlias: string
  readonly parameters: string
  readonly query: string
}

/** How one entity of an alert is filled. */
export interface EntityMapping {
  readonly entityType: string
  readonly fieldMappings: readonly { readonly identifier: string; readonly columnName: string }[]
}

/** An analytics rule or hunting query in the schema of Azure-Sentinel's repository. */
export interface Rule {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly kind?: string
  readonly severity?: string
  readonly requiredDataConnectors: readonly {
    readonly connectorId: string
    readonly dataTypes: readonly string[]
  }[]
  readonly queryFrequency?: string
  readonly queryPeriod?: string
  readonly triggerOperator?: string
  readonly triggerThreshold?: number
  readonly tactics: readonly string[]
  readonly relevantTechniques: readonly string[]
  readonly query: string
  readonly entityMappings?: readonly EntityMapping[]
  readonly customDetails?: Readonly<Record<string, string>>
  readonly alertDetailsOverride?: {
    readonly alertDisplayNameFormat?: string
    readonly alertDescriptionFormat?: string
    readonly alertSeverityColumnName?: string
    readonly alertTacticsColumnName?: string
    readonly alertDynamicProperties?: readonly { readonly alertProperty: string; readonly value: string }[]
  }
  readonly eventGroupingSettings?: { readonly aggregationKind: string }
  readonly incidentConfiguration?: {
    readonly createIncident: boolean
    readonly groupingConfiguration: Readonly<Record<string, unknown>>
  }
  readonly version: string
}

/** A content file with its text: some checks are about the text. */
export interface RuleFile {
  readonly file: string
  readonly text: string
  readonly rule: Rule
}

export const read = (path: string): string => readFileSync(path, 'utf8')

/** Files of a folder of `infra/sentinel`, sorted. */
export const filesIn = (folder: string, extension: string): readonly string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => join(ROOT, folder, name))

const ruleFiles = (folder: string): readonly RuleFile[] =>
  filesIn(folder, '.yaml').map((file) => {
    const text = read(file)
    return { file, text, rule: load(text) as Rule }
  })

/** Tests ask for the content again and again; it is read once by a process. */
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

export const rules = once((): readonly RuleFile[] => ruleFiles('rules'))
export const hunts = once((): readonly RuleFile[] => ruleFiles('hunting'))

interface PlainParserYaml {
  readonly id: string
  readonly FunctionAlias: string
  readonly FunctionQuery: string
}
interface AsimParserYaml {
  readonly ParserName: string
  readonly ParserParams: readonly { readonly Name: string; readonly Type: string; readonly Default: string }[]
  readonly ParserQuery: string
}

const parserOf = (file: string): Parser => {
  const yaml = load(read(file)) as PlainParserYaml | AsimParserYaml
  return 'FunctionQuery' in yaml
    ? { file, id: yaml.id, functionAlias: yaml.FunctionAlias, parameters: '', query: yaml.FunctionQuery }
    : {
        file,
        id: undefined,
        functionAlias: yaml.ParserName,
        parameters: yaml.ParserParams.map((p) => `${p.Name}:${p.Type}=${p.Default}`).join(', '),
        query: yaml.ParserQuery,
      }
}

export const parsers = once((): readonly Parser[] => filesIn('parsers', '.yaml').map(parserOf))

/** The workbook, as deployed. */
export const WORKBOOK = join(ROOT, 'workbooks/entra-workload-risk.json')
