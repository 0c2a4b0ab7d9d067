import { type TableDeclaration, tableDeclarations } from '../../../shared/sinks/log-analytics/tables.ts'
import { hunts, type Rule, rules } from './sentinel-content.ts'

export const SOC_DOCUMENT = 'docs/soc.md'

const cell = (text: string): string => text.trim().replaceAll('|', '\\|').replaceAll('\n', ' ')
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
const header = (...names: readonly string[]): readonly string[] => [
  row(...names),
  row(...names.map(() => '---')),
]

const tableSection = ({ name, description, columns }: TableDeclaration): readonly string[] => [
  `### \`${name}\``,
  '',
  description,
  '',
  ...header('Column', 'Type', 'Meaning'),
  ...columns.map((c) => row(`\`${c.name}\``, c.type, c.description)),
  '',
]

const ruleTable = (): readonly string[] => [
  ...header('Rule', 'Severity', 'Runs every', 'Looks back', 'ATT&CK', 'File'),
  ...rules().map(({ file, rule }) =>
    row(
      rule.name,
      rule.severity ?? '',
      rule.queryFrequency ?? '',
      rule.queryPeriod ?? '',
      rule.relevantTechniques.join(', '),
      `\`${file.replace(/^.*\//, '')}\``,
    ),
  ),
]

const tablesOf = ({ requiredDataConnectors }: Rule): readonly string[] =>
  requiredDataConnectors.flatMap(({ dataTypes }) => dataTypes)

function huntTable(): readonly string[] {
  const all = hunts()
  /** Tables of risk, which every hunt begins with, tell no two apart. */
  const isOfSome = (table: string) => !all.every(({ rule }) => tablesOf(rule).includes(table))
  return [
    ...header('Hunting query', 'What it tells', 'Reads, beside risk', 'ATT&CK', 'File'),
    ...all.map(({ file, rule }) =>
      row(
        rule.name,
        rule.description,
        tablesOf(rule)
          .filter(isOfSome)
          .map((table) => `\`${table}\``)
          .join(', '),
        rule.relevantTechniques.join(', '),
        `\`${file.replace(/^.*\//, '')}\``,
      ),
    ),
  ]
}

const GENERATED: Readonly<Record<string, () => readonly string[]>> = {
  tables: () => tableDeclarations().flatMap(tableSection).slice(0, -1),
  rules: ruleTable,
  hunts: huntTable,
}

/**
 * The page with its generated parts as the declarations have them now. Throws where a pair of
 * markers is missing.
 */
export const withGeneratedParts = (page: string): string =>
  Object.entries(GENERATED).reduce((text, [part, lines]) => {
    const [begin, end] = [`<!-- ${part}: generated, do not edit -->`, `<!-- end of ${part} -->`]
    const [from, to] = [text.indexOf(begin), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`${SOC_DOCUMENT} has no markers for ${part}`)
    return `${text.slice(0, from)}${begin}\n\n${lines().join('\n')}\n\n${text.slice(to)}`
  }, page)
