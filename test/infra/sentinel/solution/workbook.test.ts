import { describe, expect, it } from 'vitest'
import { SentinelContent } from '../../../../infra/sentinel/solution/content.ts'
import { jsonText } from '../../../../infra/sentinel/solution/package-files.ts'
import { workbook } from '../../../../infra/sentinel/solution/workbook.ts'
import { workbookQueries } from '../../../support/kql/content-queries.ts'
import { WORKBOOK } from '../../../support/kql/sentinel-content.ts'

interface Visibility {
  readonly parameterName: string
  readonly comparison: string
  readonly value: string
}
interface Item {
  readonly type: number
  readonly name: string
  readonly conditionalVisibility?: Visibility
  readonly content: {
    readonly items?: readonly Item[]
    readonly parameters?: readonly { readonly name: string; readonly id: string; readonly query?: string }[]
    readonly links?: readonly {
      readonly cellValue: string
      readonly subTarget: string
      readonly id: string
    }[]
    readonly exportedParameters?: readonly { readonly fieldName: string; readonly parameterName: string }[]
    readonly query?: string
    readonly visualization?: string
    readonly noDataMessage?: string
    readonly timeContext?: object
    readonly timeContextFromParameter?: string
    readonly gridSettings?: { readonly formatters?: readonly { readonly columnMatch: string }[] }
  }
}
const parseItems = (text: string): readonly Item[] => JSON.parse(text).items

const made = jsonText(
  workbook(new SentinelContent('infra/sentinel').text('workbooks', 'entra-workload-risk.yaml')),
)
const items = parseItems(made)
const all = items.flatMap((item) => [item, ...(item.content.items ?? [])])
const tiles = all.filter((item) => item.type === 3)
const defined = [
  ...all.flatMap((item) => item.content.parameters?.map((p) => p.name) ?? []),
  ...all.flatMap((item) => item.content.links?.map((l) => l.cellValue) ?? []),
  ...all.flatMap((item) => item.content.exportedParameters?.map((p) => p.parameterName) ?? []),
]

describe('the workbook', () => {
  it('is what its short form gives', async () => {
    await expect(made).toMatchFileSnapshot(`../../../../${WORKBOOK}`)
  })

  it('names each item once', () => {
    const names = all.map((item) => item.name)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })

  it('uses parameters that exist, in queries, ranges and conditions', () => {
    const used = tiles.flatMap(({ content, conditionalVisibility }) => [
      ...[...(content.query ?? '').matchAll(/\{(\w+)(?::\w+)?\}/g)].map(([, name]) => name),
      ...(content.timeContextFromParameter === undefined ? [] : [content.timeContextFromParameter]),
      ...(conditionalVisibility === undefined ? [] : [conditionalVisibility.parameterName]),
    ])
    const names = used.filter((name) => name !== undefined)
    expect([...new Set(names)].filter((name) => !defined.includes(name))).toEqual([])
    expect(names).toEqual(expect.arrayContaining(['TimeRange', 'Tenant', 'Identity', 'Archive']))
  })

  it('has a group for each tab, and a tab for each group', () => {
    const targets = all.flatMap((item) => item.content.links?.map((l) => l.subTarget) ?? [])
    const groups = items.filter((item) => item.type === 12)
    expect(groups.map((g) => g.conditionalVisibility?.value)).toEqual(targets)
    expect(groups.every((g) => g.conditionalVisibility?.parameterName === 'Tab')).toBe(true)
  })

  it('leads from a chosen row to one identity: what needs it is hidden until then', () => {
    const needing = tiles.filter((tile) => tile.content.query?.includes('{Identity}'))
    expect(needing.map((tile) => tile.name)).toEqual([
      'identity-state',
      'identity-alerts',
      'identity-timeline',
      'identity-sign-ins',
    ])
    for (const { conditionalVisibility } of needing)
      expect(conditionalVisibility).toEqual({
        parameterName: 'Identity',
        comparison: 'isNotEqualTo',
        value: '',
      })
    const exporting = tiles.filter((tile) => tile.content.exportedParameters !== undefined)
    expect(exporting.map((tile) => tile.name)).toEqual(['identities-list'])
  })

  it('filters every tile by tenant, but those of one identity', () => {
    const ofOne = ['identity-alerts', 'identity-sign-ins']
    expect(tiles.filter((tile) => !tile.content.query?.includes('{Tenant}')).map((t) => t.name)).toEqual(
      ofOne,
    )
  })

  it('says in each tile why it is empty, and over which time it looks', () => {
    expect(tiles.filter(({ content }) => !/\w.*\.$/.test(content.noDataMessage ?? ''))).toEqual([])
    const ranges = tiles.map(({ content }) => [content.timeContext, content.timeContextFromParameter])
    expect(ranges.filter((of) => of.filter((range) => range !== undefined).length !== 1)).toEqual([])
  })

  it('reads no table that may be missing but beside an empty one with its columns', () => {
    const reading = tiles.filter(({ content }) =>
      /\b(?:Entra\w+_CL|SecurityAlert)\b/.test(content.query ?? ''),
    )
    expect(reading.length).toBeGreaterThan(5)
    const bare = reading.filter(
      ({ content }) => !/union isfuzzy=true\s+\(datatable\(/.test(content.query ?? ''),
    )
    expect(bare.map((tile) => tile.name)).toEqual([])
  })

  it('is checked by its queries, every one', () => {
    expect(workbookQueries().map((q) => q.place.replace('workbook, ', ''))).toEqual(
      expect.arrayContaining(tiles.map((tile) => tile.name)),
    )
  })
})
