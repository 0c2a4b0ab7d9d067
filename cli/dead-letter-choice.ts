import { RECORDS_FOLDER } from '../shared/delivery/dead-letters/dead-letter-blobs.ts'
import type { DeadLetterReader, FiledDeadLetter } from '../shared/delivery/dead-letters/dead-letter-reader.ts'
import { FAULT_CODES, type FaultCode } from '../shared/domain/fault.ts'
import { YES_OPTION } from './confirm.ts'
import { deadLetterIdIn } from './find-dead-letter.ts'
import type { Options } from './options.ts'
import { oneOf, singleArgument } from './read-options.ts'
import { expectSink, SINK_OPTION } from './sink-option.ts'
import { UsageError } from './usage-error.ts'

/** Options that filter a list of dead letters. */
export const FILTER_OPTIONS = {
  sink: {
    ...SINK_OPTION,
    choices: [...SINK_OPTION.choices, RECORDS_FOLDER],
    help: `only of this sink: ${SINK_OPTION.help},\nor ${RECORDS_FOLDER} (records that never became events)`,
  },
  code: { type: 'string', value: 'CODE', choices: FAULT_CODES, help: 'only with this fault code' },
} as const satisfies Options

/** For commands that change one dead letter, or all that match a filter. */
export const CHOICE_OPTIONS = {
  all: { type: 'boolean', default: false, help: 'all open dead letters of --sink' },
  ...FILTER_OPTIONS,
  yes: YES_OPTION,
} as const satisfies Options

interface FilterValues {
  readonly sink?: string | undefined
  readonly code?: string | undefined
}

/** A folder of dead letters, or all; a fault, or any. */
export interface DeadLetterFilter {
  readonly folder: string | undefined
  readonly code: FaultCode | undefined
}

/** One dead letter by id, or those of a filter. */
export type Choice = { readonly id: string } | DeadLetterFilter

export const filterOf = ({ sink, code }: FilterValues): DeadLetterFilter => ({
  folder: sink,
  code: code === undefined ? undefined : oneOf(code, 'code', FAULT_CODES),
})

/** @throws UsageError if there is no such folder of dead letters */
export function expectFolder({ folder }: DeadLetterFilter, sinkNames: readonly string[]): void {
  if (folder !== undefined) expectSink(folder, [...sinkNames, RECORDS_FOLDER])
}

/** @throws UsageError for anything but one id, or `--all` with a sink */
export function choiceOf(
  values: FilterValues & { readonly all: boolean },
  operands: readonly string[],
): Choice {
  const filter = filterOf(values)
  if (!values.all) {
    if (filter.folder !== undefined || filter.code !== undefined)
      throw new UsageError('--sink and --code require --all.')
    return { id: deadLetterIdIn(singleArgument(operands, 'ID')) }
  }
  if (operands.length > 0) throw new UsageError('Expected an ID or --all, not both.')
  if (filter.folder === undefined) throw new UsageError('--all requires --sink.')
  return filter
}

/** Dead letters in these states that match a filter, latest first, grouped as they were written. */
export async function* filtered(
  reader: DeadLetterReader,
  { folder, code }: DeadLetterFilter,
  states: ReadonlySet<string> = new Set(['open']),
): AsyncGenerator<readonly FiledDeadLetter[]> {
  for await (const group of reader.newestFirst(folder)) {
    const meant = group.filter(
      ({ state, deadLetter }) =>
        states.has(state) && (code ?? deadLetter.fault.code) === deadLetter.fault.code,
    )
    if (meant.length > 0) yield meant
  }
}
