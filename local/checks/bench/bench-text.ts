import { styleText } from 'node:util'
import type { DeliveryFigures } from './delivery-bench.ts'
import type { DrainFigures } from './drain-bench.ts'
import type { HandlerFigures, InFlightFigures } from './handler-figures.ts'

/** What a run prints with `--json`; parts that were not asked for are missing. */
export type BenchFigures = { readonly nodeVersion: string } & Partial<
  HandlerFigures & DeliveryFigures & DrainFigures
> & { readonly otherNodes?: readonly HandlerFigures[] }

const number = (value: number): string => value.toLocaleString('en')

/** A ratio stands beside the floor that it is of, and the Node.js that both ran on. */
const inFlightText = (f: InFlightFigures): string => {
  const full = f.floorWithDigestsAndRequests
  return `${f.n} in flight: ${number(f.recordsPerSecond)} records a second, ${f.cpuMicrosPerRecord} µs of CPU a record
  ${f.ratio} of the floor on Node ${f.nodeVersion}: ${number(f.floorRecordsPerSecond)}, ${f.floorCpuMicrosPerRecord} µs (CPU ${f.cpuRatio})
  ${full.ratio} of the floor with digests and requests on Node ${f.nodeVersion}: ${number(full.recordsPerSecond)}, ${full.cpuMicrosPerRecord} µs (CPU ${full.cpuRatio})`
}

const rowsOf = (figures: object): readonly string[] =>
  Object.entries(figures)
    .filter(([name]) => name !== 'inFlight' && name !== 'otherNodes')
    .map(([name, value]) => `${styleText('bold', name.padEnd(28))}${JSON.stringify(value)}`)

/** For people; `--json` prints the figures themselves. */
export const benchText = (figures: BenchFigures): string =>
  [figures, ...(figures.otherNodes ?? [])]
    .map((some) => [...(some.inFlight ?? []).map(inFlightText), ...rowsOf(some)].join('\n'))
    .join('\n\n')

/** Where a destination holds other than what was sent to it: then the figures mean nothing. */
export const problemsOf = (figures: BenchFigures): readonly string[] =>
  [figures, ...(figures.otherNodes ?? [])].flatMap(({ nodeVersion, recordsIn, recordsOut = {} }) =>
    Object.entries(recordsOut)
      .filter(([, records]) => records !== recordsIn)
      .map(
        ([name, records]) =>
          `Node ${nodeVersion}: ${name} holds ${records} of ${recordsIn} records. The figures are invalid; the machine may be overloaded: try again.`,
      ),
  )
