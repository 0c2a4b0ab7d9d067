import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { generatedSection, sectionOf, tableRows } from '../support/generated-section.ts'

/** The default of a parameter of the template. */
const defaultOf = (name: string): number =>
  Number(new RegExp(`^param ${name} int = (\\d+)$`, 'm').exec(readFileSync('infra/main.bicep', 'utf8'))?.[1])

const PAGE = 'docs/scale.md'
const SCALES = [1, 10, 100, 1000]
const HOURS = 730
const SECONDS = HOURS * 3600

const assumed = new Map(
  tableRows(sectionOf(PAGE, '<!-- assumptions -->', '<!-- /assumptions -->')).map(
    ([name = '', value = '']) => [name.replaceAll('`', ''), Number(value.replaceAll(',', ''))],
  ),
)
function of(name: string): number {
  const value = assumed.get(name)
  if (value === undefined || Number.isNaN(value)) throw new Error(`${PAGE} does not say what ${name} is.`)
  return value
}

/** What goes through at so many times a large tenant: per month, and per second at the average and at the peak. */
function load(scale: number) {
  const events = of('eventsAMonth') * scale
  const average = events / SECONDS
  const peak = average * of('peakFactor')
  const mostBatches = of('partitions') / of('batchSeconds')
  const units = Math.max(1, Math.ceil(peak / 1000), Math.ceil((peak * of('recordBytes')) / 1e6))
  const batches = Math.min(average, mostBatches) * SECONDS
  return { events, average, peak, units, batches, peakBatches: Math.min(peak, mostBatches) }
}

function costs(scale: number) {
  const { events, units, batches } = load(scale)
  const parts = {
    hub: units * HOURS * of('unitHour') + (events / 1e6) * of('millionMessages'),
    app: Math.min(batches, SECONDS) * of('instanceGb') * of('gbSecond'),
    writes: ((batches * 3) / 1e4) * of('tenThousandWrites'),
    rest: ((batches * of('blobBytes') * of('keptMonths')) / 1e9) * of('gbMonth'),
    logs: ((events * of('rowBytes')) / 1e9) * of('gbLogs'),
  }
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0)
  return { ...parts, total, perMillion: total / (events / 1e6) }
}

const rounded = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value >= 1
      ? String(Number(value.toFixed(1)))
      : String(Number(value.toPrecision(2)))
const row = (name: string, value: (scale: number) => number): string =>
  `| ${name} | ${SCALES.map((scale) => rounded(value(scale))).join(' | ')} |`

const COSTS = [
  `| | ${SCALES.map((scale) => `${scale.toLocaleString('en-US')}×`).join(' | ')} |`,
  `| --- | ${SCALES.map(() => '---:').join(' | ')} |`,
  row('events a month', (scale) => load(scale).events),
  row('messages a second, average', (scale) => load(scale).average),
  row('messages a second, peak', (scale) => load(scale).peak),
  row('throughput units', (scale) => load(scale).units),
  row('batches a month', (scale) => load(scale).batches),
  row('Event Hubs, $', (scale) => costs(scale).hub),
  row('function app, $', (scale) => costs(scale).app),
  row('writes, $', (scale) => costs(scale).writes),
  row('archive at rest, $', (scale) => costs(scale).rest),
  row('Log Analytics, $', (scale) => costs(scale).logs),
  row('**total, $**', (scale) => costs(scale).total),
  row('**a million events, $**', (scale) => costs(scale).perMillion),
].join('\n')

const peak = load(1000)
const QUOTAS_OF_HUB = '[Event Hubs](https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas)'
const TARGETS_OF_BLOBS =
  '[Blob Storage](https://learn.microsoft.com/azure/storage/common/scalability-targets-standard-account)'
const TARGETS_OF_TABLES =
  '[Table Storage](https://learn.microsoft.com/azure/storage/tables/scalability-targets)'
const LIMITS_OF_MONITOR =
  '[Azure Monitor](https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits)'
/** Records a second from end to end, as the benchmarks page says. */
const MEASURED = Number(
  /end to end over AMQP \| ([\d,]+)/
    .exec(readFileSync('docs/benchmarks.md', 'utf8'))?.[1]
    ?.replaceAll(',', ''),
)
/** Where, what is limited, to how much, how much the peak takes, and what to do when it is too little. */
const LIMITS: readonly (readonly [string, string, number, number, string])[] = [
  [QUOTAS_OF_HUB, 'throughput units of a namespace', 40, peak.units, 'Premium'],
  [QUOTAS_OF_HUB, 'messages a second of a unit', 1000, peak.peak / peak.units, 'auto-inflate'],
  [
    QUOTAS_OF_HUB,
    'MB a second of a unit',
    1,
    (peak.peak * of('recordBytes')) / 1e6 / peak.units,
    'auto-inflate',
  ],
  [
    'this program',
    'batches a second of four partitions',
    of('partitions') / of('batchSeconds'),
    peak.peakBatches,
    'batches become larger; `partitionCount`',
  ],
  [
    'this program',
    'records a second of one instance, [measured](benchmarks.md#figures)',
    MEASURED,
    peak.peak,
    'up to one instance a partition',
  ],
  [
    TARGETS_OF_BLOBS,
    'requests a second of the archive account',
    20_000,
    peak.peakBatches * 2,
    'none in reach',
  ],
  [
    TARGETS_OF_TABLES,
    'rows a second of one partition',
    2000,
    (peak.peakBatches / of('partitions')) * of('sinks'),
    'none in reach',
  ],
  [
    LIMITS_OF_MONITOR,
    'requests a minute of a data collection rule',
    12_000,
    peak.peakBatches * 60,
    'fuller batches',
  ],
  [
    LIMITS_OF_MONITOR,
    'MB a minute of a data collection rule',
    2000,
    (peak.peak * of('rowBytes') * 60) / 1e6,
    'fewer categories',
  ],
]
const LIMITS_TABLE = [
  '| where | limit | at most | at the peak | share | then |',
  '| --- | --- | ---: | ---: | ---: | --- |',
  ...LIMITS.map(
    ([where, what, most, used, then]) =>
      `| ${where} | ${what} | ${most.toLocaleString('en-US')} | ${rounded(used)} | ${Math.round((used / most) * 100)} % | ${then} |`,
  ),
].join('\n')

/** An archive blob and a receipt of each batch, a month in hot and the rest in cool. */
function tiers(scale: number) {
  const { batches } = load(scale)
  const move = of('tenThousandCoolWrites') / 1e4
  const savedPerByte = ((of('gbMonth') - of('gbMonthCool')) / 1e9) * (of('keptMonths') - 1)
  return {
    moves: batches * 2 * move,
    saved: batches * of('blobBytes') * savedPerByte,
    breakEvenBytes: move / savedPerByte,
  }
}
const TIERS = [
  COSTS.split('\n', 2).join('\n'),
  row('moves to cool, $', (scale) => tiers(scale).moves),
  row('saved by them until the end, $', (scale) => tiers(scale).saved),
  row('bytes from which a blob earns its move', (scale) => tiers(scale).breakEvenBytes),
].join('\n')

describe('docs/scale.md', () => {
  it('moves no blob to another tier by default, since it would cost more than it saves', () => {
    expect(generatedSection(PAGE, 'tiers', TIERS)).toBe(TIERS)
    expect([defaultOf('archiveCoolAfterDays'), defaultOf('archiveColdAfterDays')]).toEqual([0, 0])
    for (const scale of SCALES) expect(tiers(scale).saved).toBeLessThan(tiers(scale).moves / 100)
  })

  it('has the costs that follow from its assumptions', () => {
    expect(generatedSection(PAGE, 'costs', COSTS)).toBe(COSTS)
  })

  it('has the shares of every limit that follow from them', () => {
    expect(generatedSection(PAGE, 'limits', LIMITS_TABLE)).toBe(LIMITS_TABLE)
    for (const [, what, most, used] of LIMITS) expect(used, what).toBeLessThanOrEqual(most)
  })

  it('assumes what the template deploys', () => {
    expect(of('partitions')).toBe(defaultOf('partitionCount'))
    expect(of('instanceGb') * 1024).toBe(defaultOf('instanceMemoryMB'))
    expect(of('keptMonths')).toBe(Math.round(defaultOf('archiveRetentionDays') / 30.4))
  })

  it('says rightly that writes cost several times what rows in Log Analytics cost, at 10× and above', () => {
    for (const scale of SCALES.slice(1)) {
      expect(costs(scale).writes / costs(scale).logs).toBeGreaterThan(3)
      expect(costs(scale).perMillion).toBeLessThan(costs(scale / 10).perMillion)
    }
  })
})
