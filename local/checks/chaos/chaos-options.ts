import { parseArgs } from 'node:util'
import { UsageError } from '../../stack/start-options.ts'

/** Options of `npm run chaos`. */
export interface ChaosOptions {
  readonly seed: number | undefined
  readonly minutes: number
  readonly json: boolean
  readonly help: boolean
}

export const CHAOS_USAGE = `npm run chaos -- [options]

  --seed N      seed of the first model run and of the disruptions of processes (default: random)
  --minutes M   how long processes are disrupted; also sets the number of model runs (default 0.75)
  --json        print one JSON line last
  --help

Disruptions: processes killed, connections cut, receivers broken, storage frozen or failing, clocks wrong by minutes to a year, garbage in the
tables; in the model also re-created hubs, an archive that answers wrongly, and an outage that leaves thousands of small pending deliveries.

Every record is verified from outside: records that are nowhere (lost), records that differ from what was sent (a problem), and per sink
the events that arrived (delivered), arrived again (duplicates) and were given up on (deadLettered). Every duplicate must have one cause;
otherwise it is a problem of the run:

  answerLost         the receiver had stored it, and the sender never got the answer
  ranAgain           the sender got the answer, but could not record it: it was killed, its storage failed or held garbage, its clock was
                     wrong, or two processes had the partition
  repeatedInStream   the stream holds the event twice, and no process had both copies in its duplicate window

Exit codes: 0 nothing lost or altered, and every duplicate explained, 1 something is wrong, 3 could not run.`

const MAX_SEED = 1_000_000_000
const MAX_MINUTES = 24 * 60

/** @throws UsageError for unknown options */
export function chaosOptions(args: readonly string[]): ChaosOptions {
  const { values } = parsed(args)
  const minutes = Number(values.minutes)
  if (!(minutes > 0) || minutes > MAX_MINUTES)
    throw new UsageError(`--minutes: expected a number from 0 to ${MAX_MINUTES}.`)
  const seed = values.seed === undefined ? undefined : Number(values.seed)
  if (seed !== undefined && (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED))
    throw new UsageError(`--seed: expected a whole number from 0 to ${MAX_SEED}.`)
  return { seed, minutes, json: values.json, help: values.help }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        minutes: { type: 'string', default: '0.75' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.')
  }
}
