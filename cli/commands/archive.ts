import { instant } from '../../shared/domain/identifiers.ts'
import { auditorFor, blobProgress } from '../auditor.ts'
import { command } from '../command.ts'
import { COPY_OPTIONS } from '../evidence-copy.ts'
import { EXIT } from '../exit-codes.ts'
import { WHOLE_RANGE_OPTIONS } from '../range-options.ts'
import { holdingsJson } from '../render/holdings-json.ts'
import { holdingsText } from '../render/holdings-text.ts'
import { paintFor } from '../text/paint.ts'
import { TIME_USAGE, wholeRange } from '../time-argument.ts'

export const archive = command({
  name: 'archive',
  summary: 'Show what the archive holds: by month, category and partition, and sealed up to where',
  about: `Reads the archive and counts its records, each once: by the month in which the hub took them, category and partition, with the first and the last.
For each partition it shows how much of it the log of the archive covers. It checks no signature and no hash.`,
  options: {
    ...COPY_OPTIONS,
    ...WHOLE_RANGE_OPTIONS,
  },
  notes: TIME_USAGE,
  examples: [
    ['archive --local', 'all that the embedded stack keeps'],
    ['archive --dir copy', 'a downloaded copy, offline'],
    ['archive --from 2026-01-01 --to 2026-04-01 --json', 'a quarter, for a program'],
  ],
  async run({ values }, context) {
    const range = wholeRange(values, instant(context.time.now()))
    const auditor = await auditorFor(values, context)
    const { onBlob, done } = await blobProgress(auditor, range, context)
    const held = await auditor.holdings(range, onBlob)
    done()
    const { isTerminal, write } = context.stdout
    write(
      values.json
        ? `${JSON.stringify(holdingsJson(held))}\n`
        : holdingsText(held, paintFor(isTerminal, context.env.NO_COLOR)),
    )
    return EXIT.done
  },
})
