import { COMMON_OPTIONS, COMMON_USAGE, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { findDeadLetter, letterId, noSuchDeadLetter } from '../find-dead-letter.ts'
import { operatorFor } from '../operator.ts'
import { onlyWord, readOptions } from '../read-options.ts'
import { UsageError } from '../usage-error.ts'

const OPTIONS = { ...COMMON_OPTIONS, reason: { type: 'string' } } as const
const MAX_REASON_CHARACTERS = 1000

export const deadLettersDiscard: Command = {
  name: 'dead-letters discard',
  summary: 'Say that one is not to be delivered any more, and why',
  usage: `risk-export dead-letters discard ID --reason TEXT [options]

Nothing is deleted: reason, account and time are kept beside the dead letter, which \`list\` then leaves out.
It may still be retried by its id.

  --reason TEXT    why; at most ${MAX_REASON_CHARACTERS} characters
${COMMON_USAGE}

Exit code 1: there is no such dead letter.`,
  async run(args, around) {
    const { values, positionals } = readOptions(args, OPTIONS)
    const id = letterId(onlyWord(positionals, 'ID'))
    const reason = values.reason?.trim() ?? ''
    if (reason === '' || reason.length > MAX_REASON_CHARACTERS)
      throw new UsageError(`--reason: expected 1 to ${MAX_REASON_CHARACTERS} characters.`)
    const operator = await operatorFor(values, around)
    const filed = await findDeadLetter(await operator.deadLetters(), id)
    if (filed === undefined) {
      around.stderr.write(noSuchDeadLetter(id))
      return EXIT.problem
    }
    await operator.discard(filed.deadLetter, reason)
    around.stdout.write(
      values.json
        ? `${JSON.stringify({ discarded: id, reason })}\n`
        : `Discarded ${id}: the reason is kept with it.\n`,
    )
    return EXIT.done
  },
}
