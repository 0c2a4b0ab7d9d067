import { counted } from '../../shared/domain/duration.ts'
import { changeDeadLetters } from '../change-dead-letters.ts'
import { command } from '../command.ts'
import { CHOICE_OPTIONS, choiceOf } from '../dead-letter-choice.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { UsageError } from '../usage-error.ts'

const MAX_REASON_CHARACTERS = 1000

export const deadLettersDiscard = command({
  name: 'dead-letters discard',
  summary: 'Close dead letters without delivering them, with a reason',
  operand: 'other',
  usage: ['ID --reason TEXT', '--all --sink NAME [--code CODE] --reason TEXT'],
  about: `Nothing is deleted: reason, account and time are stored with each dead letter, and \`list\` no longer shows it.
It can still be retried by its id.`,
  options: {
    reason: { type: 'string', value: 'TEXT', help: `why; at most ${MAX_REASON_CHARACTERS} characters` },
    ...CHOICE_OPTIONS,
  },
  notes: 'Exit code 1: there is no such dead letter.',
  examples: [
    ["dead-letters discard 0366b8732872a195 --reason 'Test record of the sender'", 'one, by its id'],
    [
      "dead-letters discard --all --sink records --code bodyNotJson --reason 'Sender fixed'",
      'all open ones with one fault code',
    ],
  ],
  async run({ values, operands, suggest }, context) {
    const choice = choiceOf(values, operands)
    const reason = values.reason?.trim() ?? ''
    if (reason === '' || reason.length > MAX_REASON_CHARACTERS)
      throw new UsageError(`--reason: expected 1 to ${MAX_REASON_CHARACTERS} characters.`)
    const operator = await operatorFor(values, context)
    let discarded = 0
    const unchanged = await changeDeadLetters(
      operator,
      {
        verb: 'Discard',
        choice,
        yes: values.yes,
        suggest,
        change: async (group) => {
          await operator.discard(group, reason)
          discarded += group.length
        },
      },
      context,
    )
    if (unchanged !== undefined) return unchanged
    const what = 'id' in choice ? choice.id : counted(discarded, 'dead letter')
    context.stdout.write(
      values.json
        ? `${JSON.stringify({ discarded: 'id' in choice ? choice.id : discarded, reason })}\n`
        : discarded === 0
          ? 'No dead letters found.\n'
          : `Discarded ${what}: the reason is stored with ${discarded === 1 ? 'it' : 'them'}.\n`,
    )
    return EXIT.done
  },
})
