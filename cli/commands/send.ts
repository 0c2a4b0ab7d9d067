import { counted } from '../../shared/domain/duration.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { readMessageFile } from '../message-files.ts'
import { operatorFor } from '../operator.ts'
import { progressOn, soFar } from '../text/progress.ts'
import { UsageError } from '../usage-error.ts'

export const send = command({
  name: 'send',
  summary: 'Send records to the event hub',
  operand: 'FILE',
  usage: ['FILE…'],
  about: `Each FILE is one message, byte for byte; in a file that ends in .ndjson, each non-blank line is one message.
The records are processed like any others: archived, then delivered to the sinks.`,
  options: {},
  notes: 'Requires the role "Azure Event Hubs Data Sender" on the hub.',
  examples: [
    ['send record.json --local', 'one message to the stack that `npm start` runs'],
    ['send exported.ndjson', 'one message per line'],
  ],
  async run({ values, operands }, context) {
    if (operands.length === 0) throw new UsageError('Expected at least one file.')
    const bodies: Uint8Array[] = []
    for (const path of operands) bodies.push(...(await readMessageFile(path)))
    const operator = await operatorFor(values, context)
    const progress = progressOn(context.stderr)
    const { sent, batches } = await operator.send(bodies, (count) =>
      progress.show(soFar(count, bodies.length, 'messages')),
    )
    progress.done()
    const hub = operator.settings.eventHub.name
    context.stdout.write(
      values.json
        ? `${JSON.stringify({ hub, messages: sent, batches })}\n`
        : `Sent ${counted(sent, 'message')} to ${hub} in ${counted(batches, 'batch', 'batches')}.\n`,
    )
    return EXIT.done
  },
})
