import type { ActionNote } from '../../shared/delivery/dead-letters/action.ts'
import { COMMON_OPTIONS, COMMON_USAGE, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { findDeadLetter, letterId, noSuchDeadLetter } from '../find-dead-letter.ts'
import { operatorFor } from '../operator.ts'
import { onlyWord, readOptions } from '../read-options.ts'
import { deadLetterJson } from '../render/dead-letter-json.ts'
import { letterText } from '../render/dead-letter-text.ts'

export const deadLettersShow: Command = {
  name: 'dead-letters show',
  summary: 'Why one was given up on, and what to check',
  usage: `risk-export dead-letters show ID [options]

${COMMON_USAGE}

Exit code 1: there is no such dead letter.`,
  async run(args, around) {
    const { values, positionals } = readOptions(args, COMMON_OPTIONS)
    const id = letterId(onlyWord(positionals, 'ID'))
    const operator = await operatorFor(values, around)
    const filed = await findDeadLetter(await operator.deadLetters(), id)
    if (filed === undefined) {
      around.stderr.write(noSuchDeadLetter(id))
      return EXIT.problem
    }
    const notes: readonly ActionNote[] = await Promise.all(filed.actions.map((m) => operator.note(m)))
    around.stdout.write(
      values.json ? `${JSON.stringify(deadLetterJson(filed, notes))}\n` : letterText(filed, notes),
    )
    return EXIT.done
  },
}
