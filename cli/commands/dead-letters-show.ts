import type { MarkerNote } from '../../shared/delivery/dead-letters/action.ts'
import { COMMON_OPTIONS, COMMON_USAGE, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { findLetter, letterId, noSuchLetter } from '../find-letter.ts'
import { operatorFor } from '../operator.ts'
import { onlyWord, readOptions } from '../read-options.ts'
import { letterJson } from '../render/letter-json.ts'
import { letterText } from '../render/letter-text.ts'

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
    const filed = await findLetter(await operator.letters(), id)
    if (filed === undefined) {
      around.stderr.write(noSuchLetter(id))
      return EXIT.trouble
    }
    const notes: readonly MarkerNote[] = await Promise.all(filed.markers.map((m) => operator.note(m)))
    around.stdout.write(
      values.json ? `${JSON.stringify(letterJson(filed, notes))}\n` : letterText(filed, notes),
    )
    return EXIT.done
  },
}
