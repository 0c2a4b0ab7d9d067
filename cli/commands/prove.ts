import { writeFile } from 'node:fs/promises'
import { proofText } from '../../shared/evidence/verify/proof.ts'
import { type Proving, prove as proveRecord } from '../../shared/evidence/verify/prove.ts'
import { command } from '../command.ts'
import { COPY_OPTIONS, copyFor } from '../evidence-copy.ts'
import { EXIT } from '../exit-codes.ts'
import { singleArgument } from '../read-options.ts'
import { progressOn, soFar } from '../text/progress.ts'
import { CannotRunError } from '../usage-error.ts'

const NOT_PROVEN: Readonly<Record<Exclude<Proving['status'], 'proven'>, string>> = {
  noLog: 'There is no log here: nothing can be proven.',
  notFound: 'No archive blob here holds an event of this id.',
  unsealed: 'The event is archived, but its blob is not in the log yet: try again after the next seal.',
}

export const prove = command({
  name: 'prove',
  summary: 'Write a proof of one record into one file',
  operand: 'other',
  usage: ['EVENT_ID'],
  about: `Finds the event in the archive and writes one file of text that proves its record to others: line, blob, leaf, inclusion proof, signed
checkpoint, key, time stamp. Others check it with check-proof, and need nothing else. The file holds all records of the blob.`,
  options: {
    ...COPY_OPTIONS,
    out: { type: 'string', value: 'FILE', help: 'write to this file (default: standard output)' },
  },
  notes: 'Exit code 1: the event was not found, or is not in the log.',
  examples: [
    ['prove 3f0c… --out record.proof.txt', 'from the archive in the account'],
    ['prove 3f0c… --dir copy --out record.proof.txt', 'from a downloaded copy'],
  ],
  async run({ values, operands }, context) {
    const eventId = singleArgument(operands, 'EVENT_ID')
    const copy = await copyFor(values, context)
    const progress = progressOn(context.stderr)
    const proving = await proveRecord(
      copy,
      eventId,
      (blobs) => progress.show(`searched ${soFar(blobs, undefined, 'archive blobs')}`),
      context.interruption(),
    )
    progress.done()
    if (proving.status !== 'proven') {
      context.stderr.write(`${NOT_PROVEN[proving.status]}\n`)
      return EXIT.problem
    }
    const text = proofText(proving.proof)
    const { out, json } = values
    if (out !== undefined) {
      await writeFile(out, text).catch((error: NodeJS.ErrnoException) => {
        throw new CannotRunError(`Writing ${out}: ${error.code ?? 'it failed'}.`)
      })
      context.stderr.write(`Written to ${out}.\n`)
    }
    if (json)
      context.stdout.write(`${JSON.stringify({ eventId, index: proving.proof.index, out, proof: text })}\n`)
    else if (out === undefined) context.stdout.write(text)
    return EXIT.done
  },
})
