import type { Command } from '../command.ts'
import { COMMON_OPTIONS, COMMON_USAGE } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { readMessageFile } from '../message-files.ts'
import { operatorFor } from '../operator.ts'
import { readOptions } from '../read-options.ts'
import { counted } from '../text/duration.ts'
import { progressOn } from '../text/progress.ts'
import { UsageError } from '../usage-error.ts'

export const send: Command = {
  name: 'send',
  summary: 'Put records on the event hub',
  usage: `risk-export send FILE… [options]

Each FILE is one message, byte for byte; of a file that ends in .ndjson each line that is not blank is one.
What the messages hold takes the road of every record: archive, sinks.

${COMMON_USAGE}

The role "Azure Event Hubs Data Sender" on the hub is needed.`,
  async run(args, around) {
    const { values, positionals } = readOptions(args, COMMON_OPTIONS)
    if (positionals.length === 0) throw new UsageError('Expected at least one file.')
    const bodies: Uint8Array[] = []
    for (const path of positionals) bodies.push(...(await readMessageFile(path)))
    const operator = await operatorFor(values, around)
    const progress = progressOn(around.stderr)
    const { sent, batches } = await operator.send(bodies, (count) =>
      progress.show(`sent ${count} of ${bodies.length} messages`),
    )
    progress.done()
    const hub = operator.settings.eventHub.name
    around.stdout.write(
      values.json
        ? `${JSON.stringify({ hub, messages: sent, batches })}\n`
        : `Sent ${counted(sent, 'message')} to ${hub} in ${counted(batches, 'batch', 'batches')}.\n`,
    )
    return EXIT.done
  },
}
