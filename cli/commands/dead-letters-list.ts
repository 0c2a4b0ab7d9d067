import { RECORDS_FOLDER } from '../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import type { FiledDeadLetter } from '../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { FAULT_CODES } from '../../shared/domain/fault.ts'
import { COMMON_OPTIONS, COMMON_USAGE, type Command } from '../command.ts'
import { LETTER_FOLDERS } from '../dead-letter-folders.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { oneOf, readOptions, wholeNumber } from '../read-options.ts'
import { deadLetterJson } from '../render/dead-letter-json.ts'
import { letterTable } from '../render/dead-letter-text.ts'
import { UsageError } from '../usage-error.ts'

const OPTIONS = {
  ...COMMON_OPTIONS,
  sink: { type: 'string' },
  code: { type: 'string' },
  limit: { type: 'string', default: '50' },
  retried: { type: 'boolean', default: false },
  discarded: { type: 'boolean', default: false },
} as const

export const deadLettersList: Command = {
  name: 'dead-letters list',
  summary: 'What was given up on, and is still open',
  usage: `risk-export dead-letters list [options]

Open dead letters, the latest first.

  --sink NAME      only of this sink: ${LETTER_FOLDERS.join(', ')}
                   (${RECORDS_FOLDER}: records that never became events)
  --code CODE      only with this fault
  --limit N        so many at most (default 50)
  --retried        also those that were retried since
  --discarded      also those that were discarded
${COMMON_USAGE}

--json prints one object a line.`,
  async run(args, around) {
    const { values, positionals } = readOptions(args, OPTIONS)
    if (positionals.length > 0) throw new UsageError('This command takes no arguments.')
    const folder = values.sink === undefined ? undefined : oneOf(values.sink, 'sink', LETTER_FOLDERS)
    const code = values.code === undefined ? undefined : oneOf(values.code, 'code', FAULT_CODES)
    const limit = wholeNumber(values.limit, 'limit', 1, 10_000)
    const states = new Set([
      'open',
      ...(values.retried ? ['retried'] : []),
      ...(values.discarded ? ['discarded'] : []),
    ])
    const operator = await operatorFor(values, around)
    const book = await operator.deadLetters()
    const wanted = ({ deadLetter, state }: FiledDeadLetter): boolean =>
      states.has(state) && (code === undefined || deadLetter.fault.code === code)
    const found: FiledDeadLetter[] = []
    for await (const group of book.newestFirst(folder)) {
      found.push(...group.filter(wanted))
      // One more than asked for tells that there are more.
      if (found.length > limit) break
    }
    const shown = found.slice(0, limit)
    const { write } = around.stdout
    if (values.json) for (const filed of shown) write(`${JSON.stringify(deadLetterJson(filed))}\n`)
    else {
      write(letterTable(shown))
      if (found.length > limit) write(`\nThere are more: --limit ${limit * 10} shows them.\n`)
    }
    return EXIT.done
  },
}
