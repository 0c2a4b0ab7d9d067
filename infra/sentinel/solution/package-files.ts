import { type Zippable, zipSync } from 'fflate'
import { CONNECTOR_ID, LOGO_PATH, LOGO_TAG, SOLUTION, SUPPORT, WORKBOOK } from './about.ts'
import { connectorPage } from './connector.ts'
import type { Piece, SavedFunction, SentinelContent } from './content.ts'
import { customDetection } from './custom-detection.ts'
import { mainTemplate } from './main-template.ts'
import { watchlistResource } from './other-content.ts'
import { afterDeployment, playbooks } from './playbook.ts'
import type { Playbook } from './playbook-actions.ts'
import { summaryRuleYaml } from './summary-rule.ts'
import { parseJsonObject } from './template-parts.ts'
import { uiDefinition } from './ui-definition.ts'

/** Paths within a checkout of Azure/Azure-Sentinel, and what stands in each file. */
export type PackageFiles = Readonly<Record<string, string | Uint8Array>>

export const jsonText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

const FOLDER = `Solutions/${SOLUTION.name}`
const VALIDATION = '.script/tests/KqlvalidationsTests'
const ASIM = 'Parsers/ASimAlertEvent'
const CONNECTOR = `Data Connectors/${CONNECTOR_ID}.json`
const SUMMARY_RULE = 'SummaryRules/EntraWorkloadRiskState.yaml'
const isAsim = ({ value }: Piece<SavedFunction>): boolean => value.category === 'ASIM'

const byName = <T>(items: readonly T[], file: (item: T) => readonly [string, string]): PackageFiles =>
  Object.fromEntries(items.map(file))

const RELEASE_NOTES = `| **Version** | **Date Modified (DD-MM-YYYY)** | **Change History** |
|---|---|---|
| ${SOLUTION.version} | ${SOLUTION.firstPublishDate.split('-').reverse().join('-')} | Initial release |
`

const solutionData = (content: SentinelContent) => ({
  Name: SOLUTION.name,
  Author: SOLUTION.author,
  Logo: LOGO_TAG,
  Description: SOLUTION.description,
  'Data Connectors': [CONNECTOR],
  Parsers: content
    .functions()
    .filter((f) => !isAsim(f))
    .map(({ name }) => `Parsers/${name}.yaml`),
  Workbooks: [`Workbooks/${WORKBOOK.file}`],
  'Analytic Rules': content.rules().map(({ name }) => `Analytic Rules/${name}.yaml`),
  'Hunting Queries': content.hunts().map(({ name }) => `Hunting Queries/${name}.yaml`),
  SummaryRules: [SUMMARY_RULE],
  Watchlists: content.watchlists().map(({ alias }) => `Watchlists/${alias}.json`),
  Playbooks: playbooks(content).map(({ playbook }) => `Playbooks/${playbook.name}/azuredeploy.json`),
  BasePath: `C:\\GitHub\\Azure-Sentinel\\Solutions\\${SOLUTION.name}`,
  Version: SOLUTION.version,
  Metadata: 'SolutionMetadata.json',
  TemplateSpec: true,
  Is1PConnector: false,
})

const solutionMetadata = {
  publisherId: SOLUTION.publisherId,
  offerId: SOLUTION.offerId,
  firstPublishDate: SOLUTION.firstPublishDate,
  providers: [SOLUTION.publisher],
  categories: { domains: SOLUTION.domains, verticals: [] },
  support: SUPPORT,
}

const workbooksMetadata = [
  {
    workbookKey: WORKBOOK.key,
    logoFileName: LOGO_PATH.replace(/^.*\//, ''),
    description: WORKBOOK.description,
    dataTypesDependencies: ['EntraRiskDetections_CL', 'EntraRiskyIdentities_CL', 'EntraRiskExportHealth_CL'],
    dataConnectorsDependencies: [CONNECTOR_ID],
    previewImagesFileNames: [],
    version: WORKBOOK.version,
    title: WORKBOOK.title,
    templateRelativePath: WORKBOOK.file,
    subtitle: '',
    provider: SOLUTION.publisher,
  },
]

const watchlistTemplate = (resource: object) => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: { workspace: { type: 'string' } },
  resources: [resource],
})

interface TableJson {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}
const parseTables = (text: string): readonly TableJson[] => JSON.parse(text)

/** Types as upstream's check of queries writes them. */
const typeName = (type: string): string => {
  const short = type === 'boolean' ? 'bool' : type
  return `${short.charAt(0).toUpperCase()}${short.slice(1)}`
}

/** What upstream's check of queries has to know of our tables and functions. */
function validationFiles(content: SentinelContent): PackageFiles {
  const columns = parseJsonObject(content.json('function-columns.json'))
  const functionFile = ({ value }: Piece<SavedFunction>) => ({
    FunctionName: value.alias,
    FunctionParameters: [...value.parameters.matchAll(/(\w+):(\w+)=/g)].map(([, Name, Type]) => ({
      Name,
      Type,
      IsRequired: false,
    })),
    FunctionResultColumns: Object.entries(columns[value.alias] ?? {}).map(([Name, type]) => ({
      Name,
      Type: typeName(String(type)),
    })),
  })
  return {
    ...byName(parseTables(content.text('..', 'tables.json')), ({ name, columns: own }) => [
      `${VALIDATION}/CustomTables/${name}.json`,
      jsonText({ Name: name, Properties: own.map((c) => ({ Name: c.name, Type: typeName(c.type) })) }),
    ]),
    ...byName(content.functions(), (piece) => [
      `${VALIDATION}/CustomFunctions/${piece.value.alias}.json`,
      jsonText(functionFile(piece)),
    ]),
  }
}

const readme = (playbook: Playbook): string =>
  `# ${playbook.name}\n\n${playbook.title}. ${playbook.description}\n\nAfter the deployment: ${afterDeployment(playbook)}\n`

/** Zip times have no zone: the fields of the earliest date that the format can hold. */
const MTIME = new Date(1980, 0, 1)
const zip = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])) as Zippable,
    { level: 9, mtime: MTIME, os: 3, attrs: 0o100644 << 16 },
  )

/** The whole solution in the layout of Azure/Azure-Sentinel; the same content gives the same bytes. */
export function packageFiles(content: SentinelContent): PackageFiles {
  const installed = {
    'mainTemplate.json': jsonText(mainTemplate(content)),
    'createUiDefinition.json': jsonText(uiDefinition(content)),
  }
  const copies = (from: string, to: string, names: readonly string[]): PackageFiles =>
    byName(names, (name) => [`${to}/${name}.yaml`, content.text(from, `${name}.yaml`)])
  const named = (wanted: boolean) =>
    content
      .functions()
      .filter((f) => isAsim(f) === wanted)
      .map(({ name }) => name)
  const inSolution: PackageFiles = {
    ...copies('rules', 'Analytic Rules', content.names('rules', '.yaml')),
    ...copies('hunting', 'Hunting Queries', content.names('hunting', '.yaml')),
    ...copies('parsers', 'Parsers', named(false)),
    [SUMMARY_RULE]: summaryRuleYaml(content),
    [`Workbooks/${WORKBOOK.file}`]: content.text('workbooks', WORKBOOK.file),
    ...byName(content.watchlists(), (list) => [
      `Watchlists/${list.alias}.json`,
      jsonText(watchlistTemplate(watchlistResource(list))),
    ]),
    ...Object.assign(
      {},
      ...playbooks(content).map(({ playbook, template }) => ({
        [`Playbooks/${playbook.name}/azuredeploy.json`]: jsonText(template),
        [`Playbooks/${playbook.name}/readme.md`]: readme(playbook),
      })),
    ),
    [CONNECTOR]: jsonText(connectorPage()),
    [`Data/Solution_${SOLUTION.name.replaceAll(' ', '')}.json`]: jsonText(solutionData(content)),
    'SolutionMetadata.json': jsonText(solutionMetadata),
    'ReleaseNotes.md': RELEASE_NOTES,
    'Package/mainTemplate.json': installed['mainTemplate.json'],
    'Package/createUiDefinition.json': installed['createUiDefinition.json'],
    [`Package/${SOLUTION.version}.zip`]: zip(installed),
  }
  return {
    ...Object.fromEntries(Object.entries(inSolution).map(([path, file]) => [`${FOLDER}/${path}`, file])),
    ...copies('parsers', `${ASIM}/Parsers`, named(true)),
    ...byName(content.names('changelog', '.md'), (name) => [
      `${ASIM}/CHANGELOG/${name}.md`,
      content.text('changelog', `${name}.md`),
    ]),
    [LOGO_PATH]: content.text('logo.svg'),
    'Workbooks/WorkbooksMetadata.json': jsonText(workbooksMetadata),
    ...byName(content.names('sample-data', '.json'), (name) => [
      `Sample Data/Custom/${name}.json`,
      content.text('sample-data', `${name}.json`),
    ]),
    ...validationFiles(content),
    ...Object.assign(
      {},
      ...content.rules().map(({ name, value }) => {
        const detection = customDetection(value)
        return detection.can ? { [`Custom Detections/${name}.json`]: jsonText(detection.rule) } : {}
      }),
    ),
  }
}
