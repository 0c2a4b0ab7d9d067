import { instant } from '../../shared/domain/identifiers.ts'
import { auditorFor, blobProgress } from '../auditor.ts'
import { command } from '../command.ts'
import { COPY_OPTIONS } from '../evidence-copy.ts'
import { EXIT } from '../exit-codes.ts'
import { WHOLE_RANGE_OPTIONS } from '../range-options.ts'
import { singleArgument } from '../read-options.ts'
import { recordJson } from '../render/record-json.ts'
import { recordText } from '../render/record-text.ts'
import { paintFor } from '../text/paint.ts'
import { TIME_USAGE, wholeRange } from '../time-argument.ts'

export const record = command({
  name: 'record',
  summary: 'Show one record as a page of text: what was sent, what it says, where its evidence is',
  operand: 'other',
  usage: ['EVENT_ID|DETECTION_ID'],
  about: `Searches the archive for an event or a detection, and shows every record of it: what it says, the exact bytes that were sent, their digest, and the
archive blob and line they are kept in, with what the log of the archive says about that blob. A detection has a record for each of its updates;
the newest comes last. Records that could not be normalised are searched by their bytes.`,
  options: {
    ...COPY_OPTIONS,
    ...WHOLE_RANGE_OPTIONS,
  },
  notes: `${TIME_USAGE}

Exit code 1: no record was found, or a digest or a blob is not what it was.`,
  examples: [
    ['record 5b0c3f0e-6f6b-4d0e-9a54-0c9d1a7b9c11', 'all records of a detection'],
    ['record 5b0c3f0e-6f6b-4d0e-9a54-0c9d1a7b9c11 --dir copy', 'from a downloaded copy'],
    ['record 3f9a1c0b7d2e4f60 --from 30d > record.txt', 'an event of the last 30 days, to print'],
  ],
  async run({ values, operands }, context) {
    const wanted = singleArgument(operands, 'EVENT_ID or DETECTION_ID')
    const range = wholeRange(values, instant(context.time.now()))
    const auditor = await auditorFor(values, context)
    const { onBlob, done } = await blobProgress(auditor, range, context)
    const found = await auditor.record({ wanted, ...range }, onBlob)
    done()
    const { isTerminal, write } = context.stdout
    write(
      values.json
        ? `${JSON.stringify(recordJson(wanted, range, found))}\n`
        : recordText(wanted, range, found, paintFor(isTerminal, context.env.NO_COLOR)),
    )
    const isSound = found.records.every(
      ({ isDigestRight, evidence }) =>
        isDigestRight && evidence.every(({ state }) => state !== 'changed' && state !== 'missing'),
    )
    return found.records.length > 0 && isSound ? EXIT.done : EXIT.problem
  },
})
