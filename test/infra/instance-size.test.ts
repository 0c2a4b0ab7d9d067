import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseHostJson } from '../../local/emulators/functions-host/parse-host-json.ts'
import { committedSources } from '../support/bicep/sources.ts'
import { sectionOf, tableRows } from '../support/generated-section.ts'

const { maxEventBatchSize, prefetchCount } = parseHostJson(readFileSync('host.json', 'utf8')).eventHubs
const MAIN = committedSources.text('infra/main.bicep')
const MOST_PARTITIONS = Number(/@maxValue\((\d+)\)\nparam partitionCount/.exec(MAIN)?.[1])
const allowedIn = (path: string): readonly number[] =>
  (/@allowed\(\[([\d, ]+)\]\)\nparam instanceMemoryMB/.exec(committedSources.text(path))?.[1] ?? '')
    .split(',')
    .map(Number)

const digits = (cell: string): number => Number(/[\d,]+/.exec(cell)?.[0].replaceAll(',', ''))
/** The page's table of instance sizes, in MB; those that are not offered apart. */
const rows = tableRows(sectionOf('docs/operations.md', '<!-- instance-sizes -->', '<!-- /instance-sizes -->'))
const offered = rows
  .filter(([, partitions]) => partitions !== 'not offered')
  .map((row) => row.map(digits))
  .map(([memory = 0, partitions = 0, handedOver = 0, worker = 0, host = 0, together = 0]) => ({
    memory,
    partitions,
    handedOver,
    worker,
    host,
    together,
  }))

/** As infra/main.bicep chooses it. */
const [, above, larger] =
  /instanceMemoryMB: partitionCount > (\d+) \? (\d+) : instanceMemoryMB/.exec(MAIN) ?? []
const deployedMemory = (partitionCount: number, instanceMemoryMB: number): number =>
  partitionCount > Number(above) ? Number(larger) : instanceMemoryMB

describe('what an instance carries', () => {
  it('is in the page what host.json makes of it', () => {
    for (const { partitions, handedOver, worker, host, together } of offered) {
      expect(handedOver).toBe(maxEventBatchSize * partitions)
      expect(worker).toBe(300 + 2 * handedOver)
      expect(host).toBe(250 + prefetchCount * partitions + 3 * handedOver)
      expect(together).toBe(worker + host)
    }
  })

  it('is more than it can be handed, in every size that is offered, and 512 MB is not', () => {
    for (const { memory, together } of offered) expect(together).toBeLessThan(memory)
    const sizes = offered.map(({ memory }) => memory)
    expect(allowedIn('infra/main.bicep')).toEqual(sizes)
    expect(allowedIn('infra/modules/function-app.bicep')).toEqual(sizes)
    expect(rows.map(([memory = '', partitions]) => [digits(memory), partitions])).toContainEqual([
      512,
      'not offered',
    ])
  })

  it('is what the infrastructure deploys for every number of partitions that it takes', () => {
    expect(MOST_PARTITIONS).toBe(offered.at(-1)?.partitions)
    for (let partitions = 1; partitions <= MOST_PARTITIONS; partitions++) {
      for (const { memory } of offered) {
        const deployed = deployedMemory(partitions, memory)
        const carries = offered.find((row) => row.memory === deployed)?.partitions ?? 0
        expect(carries, `${partitions} partitions, ${memory} MB`).toBeGreaterThanOrEqual(partitions)
        expect(deployed).toBeGreaterThanOrEqual(memory)
      }
    }
  })
})
