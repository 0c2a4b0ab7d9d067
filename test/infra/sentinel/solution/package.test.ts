import { unzipSync } from 'fflate'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { SentinelContent } from '../../../../infra/sentinel/solution/content.ts'
import { packageFiles } from '../../../../infra/sentinel/solution/package-files.ts'
import { tableDeclarations } from '../../../../shared/sinks/log-analytics/tables.ts'
import { connectorsOf } from '../../../support/kql/data-connectors.ts'
import { OWN_TABLES } from '../../../support/kql/workspace.ts'

const content = new SentinelContent('infra/sentinel')
const files = packageFiles(content)
const paths = Object.keys(files)
const text = (path: string): string => {
  const file = files[path]
  if (typeof file !== 'string') throw new Error(`no text ${path}`)
  return file
}
const parseFile = (path: string): Readonly<Record<string, unknown>> => JSON.parse(text(path))
const FOLDER = 'Solutions/Entra Workload Identity Risk'
const VALIDATION = '.script/tests/KqlvalidationsTests'
const within = (folder: string) => paths.filter((p) => p.startsWith(`${folder}/`))

describe('the solution package', () => {
  it('has the folders of Azure/Azure-Sentinel', () => {
    expect([...new Set(within(FOLDER).map((p) => p.split('/')[2] ?? ''))].sort()).toEqual([
      'Analytic Rules',
      'Data',
      'Data Connectors',
      'Hunting Queries',
      'Package',
      'Parsers',
      'Playbooks',
      'ReleaseNotes.md',
      'SolutionMetadata.json',
      'SummaryRules',
      'Watchlists',
      'Workbooks',
    ])
  })

  it('lists in its data file every file that it is made of', () => {
    const data = parseFile(`${FOLDER}/Data/Solution_EntraWorkloadIdentityRisk.json`)
    const listed = Object.values(data)
      .filter(Array.isArray)
      .flat()
      .map((path: string) => `${FOLDER}/${path}`)
    const expected = within(FOLDER).filter(
      (p) => !/\/(Data|Package)\/|readme\.md$|ReleaseNotes|SolutionMetadata/.test(p),
    )
    expect([...listed].sort()).toEqual([...expected].sort())
  })

  it('holds the template that is deployed, also in its zip', () => {
    const deployable = content.text('azuredeploy.json')
    expect(text(`${FOLDER}/Package/mainTemplate.json`)).toBe(deployable)
    const zipped = unzipSync(files[`${FOLDER}/Package/3.0.0.zip`] as Uint8Array)
    expect(Object.keys(zipped)).toEqual(['createUiDefinition.json', 'mainTemplate.json'].reverse())
    expect(Buffer.from(zipped['mainTemplate.json'] ?? []).toString()).toBe(deployable)
  })

  it('is the same bytes each time', () => {
    expect(packageFiles(new SentinelContent('infra/sentinel'))).toEqual(files)
  })

  it('holds nothing outside ASCII but the text of the sample rows', () => {
    const others = paths.filter(
      (p) => !p.startsWith('Sample Data/') && typeof files[p] === 'string' && /[^\n\r\t -~]/.test(text(p)),
    )
    expect(others).toEqual([])
  })

  it('gives the validation of queries every table with every column', () => {
    const tables = within(`${VALIDATION}/CustomTables`).map((p) => parseFile(p))
    expect(tables.map((t) => t['Name'])).toEqual(tableDeclarations().map((t) => t.name))
    for (const { Name, Properties } of tables) {
      const columns = (Properties as { Name: string; Type: string }[]).map((c) => [
        c.Name,
        c.Type.toLowerCase(),
      ])
      expect(Object.fromEntries(columns)).toEqual(OWN_TABLES[String(Name)])
    }
  })

  it('has the summary rule as it is deployed, with the connectors of what it reads', () => {
    const rule = load(text(`${FOLDER}/SummaryRules/EntraWorkloadRiskState.yaml`)) as Readonly<
      Record<string, string>
    >
    expect(rule['requiredDataConnectors']).toEqual(connectorsOf(content.text('risk-state.kql')))
    const { resources } = parseFile(`${FOLDER}/Package/mainTemplate.json`) as {
      readonly resources: readonly { readonly type: string; readonly properties: object }[]
    }
    const { query, binSize, destinationTable } = rule
    expect(resources.find(({ type }) => type.endsWith('/summaryLogs'))?.properties).toMatchObject({
      ruleDefinition: { query, binSize, destinationTable },
    })
  })

  it('asks for the workspace alone, and gives the template what it asks for', () => {
    const ui = parseFile(`${FOLDER}/Package/createUiDefinition.json`) as {
      readonly parameters: { readonly outputs: object }
    }
    const { parameters } = parseFile(`${FOLDER}/Package/mainTemplate.json`)
    expect(Object.keys(ui.parameters.outputs).sort()).toEqual(Object.keys(parameters as object).sort())
  })
})

describe('the data connector page', () => {
  const page = JSON.parse(text(`${FOLDER}/Data Connectors/EntraWorkloadIdentityRisk.json`))

  it('has an id, and says step by step how to connect', () => {
    expect(page.id).toBe('EntraWorkloadIdentityRisk')
    expect(page.instructionSteps.length).toBeGreaterThan(2)
  })
})

describe('watchlists', () => {
  it.each(content.watchlists().map((w) => [w.alias, w] as const))(
    '%s has its search key, and one row that matches nothing',
    (alias, list) => {
      const [header = '', ...rows] = list.csv.trimEnd().split('\n')
      expect(header.split(',')).toContain(list.searchKey)
      expect(rows).toHaveLength(1)
      expect(rows[0]?.split(',')).toHaveLength(header.split(',').length)
      expect(rows[0]).toMatch(/^(?:00000000-0000-0000-0000-000000000000|192\.0\.2\.0\/32|0),/)
      expect(alias).toMatch(/^EntraWorkload/)
    },
  )

  it('are all of the files', () => {
    const declared = load(content.text('watchlists', 'watchlists.yaml')) as readonly { alias: string }[]
    expect(declared.map((w) => w.alias).sort()).toEqual(content.names('watchlists', '.csv'))
  })
})
