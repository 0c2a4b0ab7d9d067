import type { Surroundings } from './surroundings.ts'
import { counted } from './text/duration.ts'
import { UsageError } from './usage-error.ts'

/** More are changed only by somebody who has said so. */
const MAX_UNASKED = 100

export const YES_OPTION = {
  type: 'boolean',
  default: false,
  help: `do not ask for confirmation when more than ${MAX_UNASKED} are changed`,
} as const

/**
 * Whether to go on with what changes so many.
 * @param does what is about to happen, `Discard 120 dead letters` for instance
 * @throws UsageError where many are to be changed, `--yes` was not given and nobody can be asked
 */
export async function mayChange(
  count: number,
  does: string,
  around: Pick<Surroundings, 'confirm'>,
): Promise<boolean> {
  if (count <= MAX_UNASKED) return true
  if (around.confirm !== undefined) return around.confirm(`${does}? [y/N] `)
  throw new UsageError(
    `Expected --yes: ${counted(count, 'event')} would be changed, and there is no terminal to confirm on.`,
  )
}

export const NOTHING_CHANGED = 'Nothing was changed.\n'
