import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly quick: boolean
  readonly json: boolean
  readonly help: boolean
  readonly parts: readonly BenchPart[]
  /** Executables of other Node.js versions, on which handler and floors run as well. */
  readonly otherNodes: readonly string[]
}

export type BenchPart = 'handler' | 'delivery' | 'drain'

export const USAGE = `npm run bench -- [options]

Measures the built program: the handler beside two floors, the whole pipeline over AMQP, and the drain after an outage.

  --quick      a minute or two, rough
  --handler    only the handler and its floors
  --drain      only the drain after an outage
  --node PATH  measures the handler and its floors on this Node.js as well; may be repeated
  --json       print one JSON line
  --help

Progress is shown on stderr if that is a terminal.
Exit codes: 0 measured, 1 a destination does not hold what was sent to it, 3 could not run.
What is measured and how: docs/benchmarks.md`

/** @throws Error on an option that does not exist */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      handler: { type: 'boolean', default: false },
      drain: { type: 'boolean', default: false },
      node: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  })
  const { quick, json, help, handler, drain, node } = values
  const parts: BenchPart[] = []
  if (handler || !drain) parts.push('handler')
  if (!handler && !drain) parts.push('delivery')
  if (drain || !handler) parts.push('drain')
  return { quick, json, help, parts, otherNodes: node }
}
