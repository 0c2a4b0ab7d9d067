import type { Operator } from '../shared/composition/create-operator.ts'
import type { DeadLetter } from '../shared/delivery/dead-letters/dead-letter.ts'
import type { DeadLetterReader } from '../shared/delivery/dead-letters/dead-letter-reader.ts'
import { counted } from '../shared/domain/duration.ts'
import type { CommandContext } from './command-context.ts'
import { confirmChange, NOTHING_CHANGED } from './confirm.ts'
import { type Choice, type DeadLetterFilter, expectFolder, filtered } from './dead-letter-choice.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { findDeadLetter, noSuchDeadLetter } from './find-dead-letter.ts'
import { progressOn, soFar } from './text/progress.ts'
import type { Suggest } from './text/suggest.ts'

interface Change {
  /** Such as `Discard`. */
  readonly verb: string
  readonly choice: Choice
  /** Whether to skip confirmation. */
  readonly yes: boolean
  readonly suggest: Suggest
  /** @param group dead letters of one archive blob and one sink (or none) */
  readonly change: (group: readonly DeadLetter[]) => Promise<void>
}

async function countOf(reader: DeadLetterReader, filter: DeadLetterFilter): Promise<number> {
  let count = 0
  for await (const group of filtered(reader, filter)) count += group.length
  return count
}

/**
 * Changes the chosen dead letters, after confirmation if they are many.
 * @returns an exit code if none was changed
 */
export async function changeDeadLetters(
  operator: Operator,
  { verb, choice, yes, suggest, change }: Change,
  context: CommandContext,
): Promise<ExitCode | undefined> {
  const reader = await operator.deadLetters()
  if ('id' in choice) {
    const filed = await findDeadLetter(reader, choice.id)
    if (filed === undefined) {
      context.stderr.write(noSuchDeadLetter(choice.id, suggest))
      return EXIT.problem
    }
    await change([filed.deadLetter])
    return undefined
  }
  expectFolder(choice, operator.sinkNames)
  const progress = progressOn(context.stderr)
  const total = yes && !progress.isShown ? undefined : await countOf(reader, choice)
  if (!(yes || (await confirmChange(total ?? 0, `${verb} ${counted(total ?? 0, 'dead letter')}`, context)))) {
    context.stderr.write(NOTHING_CHANGED)
    return EXIT.interrupted
  }
  let done = 0
  for await (const group of filtered(reader, choice)) {
    await change(group.map(({ deadLetter }) => deadLetter))
    done += group.length
    progress.show(soFar(done, total, 'dead letters'))
  }
  progress.done()
  return undefined
}
