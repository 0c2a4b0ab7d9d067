import { instant } from '../../shared/domain/identifiers.ts'
import { needsAttention } from '../../shared/operations/status/status.ts'
import { COMMON_OPTIONS, COMMON_USAGE, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { readOptions } from '../read-options.ts'
import { statusJson } from '../render/status-json.ts'
import { statusText } from '../render/status-text.ts'
import { paintFor } from '../text/paint.ts'
import { UsageError } from '../usage-error.ts'

const OPTIONS = { ...COMMON_OPTIONS, check: { type: 'boolean', default: false } } as const

export const status: Command = {
  name: 'status',
  summary: 'How far behind the hub, what is pending, what was given up on, when each sink last took events',
  usage: `risk-export status [options]

  --check          exit code 1 where anything needs a person: a sink that refuses, a dead letter, lost messages
${COMMON_USAGE}

  risk-export status --check --json    for a monitor`,
  async run(args, around) {
    const { values, positionals } = readOptions(args, OPTIONS)
    if (positionals.length > 0) throw new UsageError('This command takes no arguments.')
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
    return values.check && needsAttention(found) ? EXIT.problem : EXIT.done
  },
}
