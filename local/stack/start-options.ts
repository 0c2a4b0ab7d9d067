import { parseArgs } from 'node:util'

/** Options of `npm start`. */
export interface StartOptions {
  readonly once: boolean
  readonly json: boolean
  /** Files and folders to send; `undefined`: the bundled feed. */
  readonly feeds: readonly string[] | undefined
  /** Where to keep what arrived. */
  readonly keep: string | undefined
  readonly timeoutSeconds: number
  /** Of the page. */
  readonly port: number | undefined
  /** The operator's own receiver, in place of the emulated one. */
  readonly webhook: string | undefined
  /** File with the certificates to trust for it. */
  readonly ca: string | undefined
  /** File of app settings. */
  readonly settings: string | undefined
  readonly help: boolean
}

export const USAGE = `npm start -- [options]

  --once             send the feed, wait until everything is settled, verify, exit
  --json             print one JSON line last (with --once)
  --feed PATH        file or folder to send; may be repeated (default: the bundled feed); "none" sends nothing
  --keep DIR         write everything received to DIR, an empty or new folder (with --once)
  --timeout SECONDS  give up waiting after this time (with --once; default 60)
  --port PORT        port of the page (without --once; default: a free port)
  --webhook URL      your own receiver instead of the emulated one (without --once)
  --ca FILE          certificate authority of your receiver, PEM (with --webhook)
  --settings FILE    app settings in the form of local.settings.json; settings that name resources are ignored
  --help

Exit codes of --once: 0 balanced, 1 not balanced, 2 timeout, 3 could not run.`

/** Invalid command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const wholeNumber = (text: string, name: string, min: number, max: number): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max)
    throw new UsageError(`--${name}: expected a whole number from ${min} to ${max}.`)
  return value
}

/** Instead of a path: sends nothing. */
const NO_FEED = 'none'

interface Asked {
  readonly once: boolean
  readonly json: boolean
  readonly keep?: string | undefined
  readonly timeout?: string | undefined
  readonly port?: string | undefined
  readonly webhook?: string | undefined
  readonly ca?: string | undefined
  readonly settings?: string | undefined
}

const WITHOUT_ONCE = {
  port: 'cannot be used with --once, which serves no page',
  webhook: 'cannot be used with --once, which verifies what the emulated receivers hold',
} as const

/** Options with no effect with, or without, `--once` are reported as mistakes. */
function checkTogether({ once, json, keep, timeout, webhook, ca, ...asked }: Asked): void {
  const needsOnce = { json: json || undefined, keep, timeout }
  for (const [name, value] of Object.entries(needsOnce))
    if (!once && value !== undefined) throw new UsageError(`--${name} requires --once.`)
  const withoutOnce = { ...asked, webhook }
  for (const name of ['port', 'webhook'] as const)
    if (once && withoutOnce[name] !== undefined) throw new UsageError(`--${name} ${WITHOUT_ONCE[name]}.`)
  if (ca !== undefined && webhook === undefined) throw new UsageError('--ca requires --webhook.')
  if (webhook !== undefined && !(URL.canParse(webhook) && new URL(webhook).protocol === 'https:'))
    throw new UsageError('--webhook: expected an https URL.')
}

/** @throws UsageError for unknown or conflicting options */
export function startOptions(args: readonly string[]): StartOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        feed: { type: 'string', multiple: true, default: [] },
        keep: { type: 'string' },
        timeout: { type: 'string' },
        port: { type: 'string' },
        webhook: { type: 'string' },
        ca: { type: 'string' },
        settings: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    checkTogether(values)
    return {
      once: values.once,
      json: values.json,
      feeds: values.feed.length === 0 ? undefined : values.feed.filter((path) => path !== NO_FEED),
      keep: values.keep,
      timeoutSeconds: wholeNumber(values.timeout ?? '60', 'timeout', 1, 86_400),
      port: values.port === undefined ? undefined : wholeNumber(values.port, 'port', 1, 65_535),
      webhook: values.webhook,
      ca: values.ca,
      settings: values.settings,
      help: values.help,
    }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.')
  }
}
