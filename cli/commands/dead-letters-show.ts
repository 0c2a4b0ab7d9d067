import type { ActionNote } from '../../shared/delivery/dead-letters/action.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { deadLetterIdIn, findDeadLetter, noSuchDeadLetter } from '../find-dead-letter.ts'
import { operatorFor } from '../operator.ts'
import { singleArgument } from '../read-options.ts'
import { deadLetterJson } from '../render/dead-letter-json.ts'
import { deadLetterText } from '../render/dead-letter-text.ts'

export const deadLettersShow = command({
  name: 'dead-letters show',
  summary: 'Show why an event was dead-lettered, and what to check',
  operand: 'other',
  usage: ['ID'],
  options: {},
  notes: 'Exit code 1: there is no such dead letter.',
  examples: [['dead-letters show 0366b8732872a195', 'by the id that `dead-letters list` prints']],
  async run({ values, operands, suggest }, context) {
    const id = deadLetterIdIn(singleArgument(operands, 'ID'))
    const operator = await operatorFor(values, context)
    const filed = await findDeadLetter(await operator.deadLetters(), id)
    if (filed === undefined) {
      context.stderr.write(noSuchDeadLetter(id, suggest))
      return EXIT.problem
    }
    const notes: readonly ActionNote[] = await Promise.all(filed.actions.map((m) => operator.note(m)))
    const subject = (await operator.subjectsOf([filed.deadLetter])).get(id)
    context.stdout.write(
      values.json
        ? `${JSON.stringify(deadLetterJson(filed, subject, notes))}\n`
        : deadLetterText(filed, subject, notes, suggest),
    )
    return EXIT.done
  },
})
