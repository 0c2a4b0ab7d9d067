import { instant } from '../../shared/domain/identifiers.ts'
import { COMMON_OPTIONS, COMMON_USAGE, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { readOptions } from '../read-options.ts'
import { statusJson } from '../render/status-json.ts'
import { statusText } from '../render/status-text.ts'
import { paintFor } from '../text/paint.ts'
import { UsageError } from '../usage-error.ts'

export const status: Command = {
  name: 'status',
  summary: 'How far behind the hub, what is pending, what died, when each sink took events last',
  usage: `risk-export status [options]

${COMMON_USAGE}`,
  async run(args, around) {
    const { values, positionals } = readOptions(args, COMMON_OPTIONS)
    if (positionals.length > 0) throw new UsageError('Expected no words.')
    const operator = await operatorFor(values, around)
    const found = await operator.status()
    const { isTerminal, write } = around.stdout
    const { name, consumerGroup } = operator.settings.eventHub
    write(
      values.json
        ? `${JSON.stringify({ hub: name, consumerGroup, ...statusJson(found) })}\n`
        : statusText(
            found,
            { hub: name, consumerGroup },
            instant(around.time.now()),
            paintFor(isTerminal, around.env.NO_COLOR),
          ),
    )
    return EXIT.done
  },
}
