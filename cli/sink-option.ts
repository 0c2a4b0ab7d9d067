import { SINKS_OF_ALL } from '../shared/config/sinks-declared.ts'
import type { Options } from './options.ts'
import { UsageError } from './usage-error.ts'

/** The option for a sink, by a name of `SINKS_OF_ALL` or of the setting WEBHOOKS. */
export const SINK_OPTION = {
  type: 'string',
  value: 'NAME',
  choices: SINKS_OF_ALL,
  help: `${SINKS_OF_ALL.join(', ')}, or a name of WEBHOOKS`,
} as const satisfies Options[string]

/** @throws UsageError if there is no such sink */
export function expectSink(name: string, names: readonly string[]): void {
  if (!names.includes(name)) throw new UsageError(`--sink: expected ${names.join(' or ')}.`)
}
