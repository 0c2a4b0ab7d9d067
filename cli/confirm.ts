import { counted } from '../shared/domain/duration.ts'
import type { CommandContext } from './command-context.ts'
import { UsageError } from './usage-error.ts'

/** Changing more than this requires confirmation. */
const MAX_UNASKED = 100

export const YES_OPTION = {
  type: 'boolean',
  default: false,
  help: `do not ask for confirmation when more than ${MAX_UNASKED} are changed`,
} as const

/**
 * Whether to go on with changing this many.
 * @param does what is about to happen, such as `Discard 120 dead letters`
 * @throws UsageError if there are many, without `--yes` and without a terminal
 */
export async function confirmChange(
  count: number,
  does: string,
  context: Pick<CommandContext, 'confirm'>,
): Promise<boolean> {
  if (count <= MAX_UNASKED) return true
  if (context.confirm !== undefined) return context.confirm(`${does}? [y/N] `)
  throw new UsageError(
    `Expected --yes: ${counted(count, 'event')} would be changed, and there is no terminal to confirm on.`,
  )
}

export const NOTHING_CHANGED = 'Nothing was changed.\n'
