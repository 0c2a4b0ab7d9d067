import { RECORDS_FOLDER } from '../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import { changeDeadLetters } from '../change-dead-letters.ts'
import { command } from '../command.ts'
import { CHOICE_OPTIONS, choiceOf } from '../dead-letter-choice.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { addRetries, EMPTY_RETRY_TALLY, retryText } from '../render/retry-report.ts'

export const deadLettersRetry = command({
  name: 'dead-letters retry',
  summary: 'Deliver dead letters again',
  operand: 'other',
  usage: ['ID', '--all --sink NAME [--code CODE]'],
  about: `Events are added to their sink's outbox as archived; events refused again are dead-lettered again. Records that never became events
(--sink ${RECORDS_FOLDER}) are normalised with current code, and go to every sink that is on.`,
  options: CHOICE_OPTIONS,
  notes: 'Exit code 1: there is no such dead letter, or a record still cannot be normalised.',
  examples: [
    ['dead-letters retry 0366b8732872a195', 'one, by its id'],
    ['dead-letters retry --all --sink webhook --code payloadRefused --yes', 'after the receiver was fixed'],
    [`dead-letters retry --all --sink ${RECORDS_FOLDER}`, 'after an update that can read these records'],
  ],
  async run({ values, operands, suggest }, context) {
    const choice = choiceOf(values, operands)
    const operator = await operatorFor(values, context)
    let tally = EMPTY_RETRY_TALLY
    const unchanged = await changeDeadLetters(
      operator,
      {
        verb: 'Retry',
        choice,
        yes: values.yes,
        suggest,
        change: async (group) => {
          tally = addRetries(tally, await operator.retry(group))
        },
      },
      context,
    )
    if (unchanged !== undefined) return unchanged
    context.stdout.write(values.json ? `${JSON.stringify(tally)}\n` : retryText(tally, suggest))
    return tally.stillFaulty > 0 ? EXIT.problem : EXIT.done
  },
})
