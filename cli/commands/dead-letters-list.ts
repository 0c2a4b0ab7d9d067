import type { FiledDeadLetter } from '../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { command } from '../command.ts'
import { expectFolder, FILTER_OPTIONS, filtered, filterOf } from '../dead-letter-choice.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { wholeNumber } from '../read-options.ts'
import { deadLetterJson } from '../render/dead-letter-json.ts'
import { deadLetterTable } from '../render/dead-letter-text.ts'
import { progressOn, soFar } from '../text/progress.ts'

const MAX_LIMIT = 10_000

export const deadLettersList = command({
  name: 'dead-letters list',
  summary: 'List open dead letters',
  about: `Open dead letters, newest first. Identity and risk level are read from the archive; "-" if a record never became
an event.`,
  options: {
    ...FILTER_OPTIONS,
    limit: { type: 'string', value: 'N', default: '50', help: 'maximum number to show (default 50)' },
    retried: { type: 'boolean', default: false, help: 'include those that were retried' },
    discarded: { type: 'boolean', default: false, help: 'include those that were discarded' },
  },
  notes: '--json prints one object per line.',
  examples: [
    ['dead-letters list --sink webhook', 'events that the webhook refused'],
    ['dead-letters list --json --limit 1000', 'for a script'],
  ],
  async run({ values }, context) {
    const filter = filterOf(values)
    const limit = wholeNumber(values.limit, 'limit', 1, MAX_LIMIT)
    const states = new Set([
      'open',
      ...(values.retried ? ['retried'] : []),
      ...(values.discarded ? ['discarded'] : []),
    ])
    const operator = await operatorFor(values, context)
    expectFolder(filter, operator.sinkNames)
    const found: FiledDeadLetter[] = []
    for await (const group of filtered(await operator.deadLetters(), filter, states)) {
      found.push(...group)
      // One more than requested shows that there are more.
      if (found.length > limit) break
    }
    const shown = found.slice(0, limit)
    const progress = progressOn(context.stderr)
    const subjects = await operator.subjectsOf(
      shown.map(({ deadLetter }) => deadLetter),
      (blobs, total) => progress.show(soFar(blobs, total, 'archive blobs')),
    )
    progress.done()
    const { write } = context.stdout
    if (values.json)
      for (const filed of shown)
        write(`${JSON.stringify(deadLetterJson(filed, subjects.get(filed.deadLetter.id)))}\n`)
    else {
      write(deadLetterTable(shown, subjects))
      if (found.length > limit)
        write(`\nThere are more: --limit ${Math.min(MAX_LIMIT, limit * 10)} shows them.\n`)
    }
    return EXIT.done
  },
})
