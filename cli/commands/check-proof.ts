import { checkProof as check, PROOF_STEPS } from '../../shared/evidence/verify/check-proof.ts'
import { parseProof } from '../../shared/evidence/verify/proof.ts'
import { caseProofIn } from '../case-proof.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { KEY_OPTION, keysIn, readInput } from '../key-files.ts'
import { singleArgument } from '../read-options.ts'
import { plain } from '../text/plain.ts'
import { CannotRunError } from '../usage-error.ts'

export const checkProof = command({
  name: 'check-proof',
  summary: 'Check the proof of one record',
  operand: 'FILE',
  usage: ['FILE'],
  about: `Checks a file that prove wrote, with nothing else: no account, no network. Or one of the proofs of a case, with the blob and keys in its folder. Without
--key the signature is checked with the key in the file or folder: compare its id with the one you were given on another way.`,
  options: { key: KEY_OPTION },
  notes: 'Exit code 1: the file proves nothing.',
  examples: [
    ['check-proof record.proof.txt', 'with the key in the file'],
    ['check-proof record.proof.txt --key signing-key.pem', 'with a key you trust'],
    ['check-proof case-17/proofs/000001-3f0c….tlog-proof', 'of a record of a case'],
  ],
  async run({ values, operands }, context) {
    const file = singleArgument(operands, 'FILE')
    const keys = await keysIn(values.key ?? [])
    const content = await readInput(file)
    const proof = parseProof(content) ?? (await caseProofIn(file, content))
    if (proof === undefined)
      throw new CannotRunError(`${file}: not a proof that risk-export prove or export --case wrote.`)
    const found = check(proof, keys)
    const { write } = context.stdout
    if (values.json) write(`${JSON.stringify(found)}\n`)
    else
      write(
        [
          found.isProven ? 'PROVEN' : 'NOT PROVEN',
          '',
          ...found.steps.map(({ step, holds }) => `${holds ? 'yes' : 'NO '}  ${PROOF_STEPS[step]}`),
          '',
          ...[
            ['Event', found.eventId],
            ['Enqueued', found.enqueuedAt],
            ['Blob', found.blob],
            ['Log', found.origin],
            ['Key', found.keyId],
          ].map(([name = '', value = '']) => `${name.padEnd(9)} ${plain(value)}`),
          '',
        ].join('\n'),
      )
    return found.isProven ? EXIT.done : EXIT.problem
  },
})
