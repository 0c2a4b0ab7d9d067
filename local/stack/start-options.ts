import { parseArgs } from 'node:util'

/** What the command line of `npm start` asks for. */
export interface StartOptions {
  readonly once: boolean
  readonly json: boolean
  /** Files and folders to send; empty: the bundled feed. */
  readonly feeds: readonly string[]
  /** Where to keep what landed. */
  readonly keep: string | undefined
  readonly timeoutSeconds: number
  /** Of the page. */
  readonly port: number | undefined
  readonly help: boolean
}

export const USAGE = `npm start -- [options]

  --once             send the feed, wait until everything is settled, judge, end
  --json             print one JSON line last (with --once)
  --feed PATH        file or folder to send; may be repeated (default: the bundled feed)
  --keep DIR         write what landed into DIR (with --once)
  --timeout SECONDS  give up waiting after so long (with --once; default 60)
  --port PORT        of the page (default: a free one)
  --help

Exit codes of --once: 0 balanced, 1 not balanced, 2 time-out, 3 it could not run.`

/** Wrong words on the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const wholeNumber = (text: string, name: string, min: number, max: number): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max)
    throw new UsageError(`--${name}: expected a whole number from ${min} to ${max}.`)
  return value
}

/** @throws UsageError for options that are not ours */
export function startOptions(args: readonly string[]): StartOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        feed: { type: 'string', multiple: true, default: [] },
        keep: { type: 'string' },
        timeout: { type: 'string', default: '60' },
        port: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    return {
      once: values.once,
      json: values.json,
      feeds: values.feed,
      keep: values.keep,
      timeoutSeconds: wholeNumber(values.timeout, 'timeout', 1, 86_400),
      port: values.port === undefined ? undefined : wholeNumber(values.port, 'port', 1, 65_535),
      help: values.help,
    }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.')
  }
}
