import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { ConfigError } from '../shared/config/config-error.ts'
import { exitWhenWritten } from './stack/exit-when-written.ts'
import { bundledFeedPath } from './stack/feed/bundled-feed.ts'
import { FeedError, type FeedMessage } from './stack/feed/feed-message.ts'
import { readFeed } from './stack/feed/read-feed.ts'
import { readOwnSettings } from './stack/own-settings.ts'
import { progressOn } from './stack/progress.ts'
import { type StartOptions, startOptions, USAGE, UsageError } from './stack/start-options.ts'

const COULD_NOT_RUN = 3

const write = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

async function readFeeds({ feeds }: StartOptions): Promise<readonly FeedMessage[]> {
  const messages: FeedMessage[] = []
  for (const path of feeds ?? [bundledFeedPath()]) messages.push(...(await readFeed(path)))
  return messages
}

/** A used folder is refused: an earlier run's files would pass for this one's. */
async function checkIsNew(folder: string): Promise<void> {
  const found = await readdir(folder).catch(() => [])
  if (found.length > 0)
    throw new UsageError(`--keep: the folder ${folder} is not empty. Choose a new or empty folder.`)
}

/** An error for people; only a defect of ours has a stack. */
function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error)
    return `Port ${String(error.port)} is in use. Choose another with --port, or omit --port.`
  if (error instanceof ConfigError)
    return ['Invalid settings:', ...error.problems.map((problem) => `  - ${problem}`)].join('\n')
  const isKnown = error instanceof UsageError || error instanceof FeedError
  return isKnown ? error.message : (error.stack ?? error.message)
}

async function main(): Promise<number> {
  const options = startOptions(process.argv.slice(2))
  if (options.help) {
    write(USAGE)
    return 0
  }
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => undefined)
  const run = {
    options,
    own: await readOwnSettings(options),
    messages: await readFeeds(options),
    progress: progressOn(process.stderr),
    write,
    nowMs: () => Date.now(),
    stopped,
  }
  if (options.keep !== undefined) await checkIsNew(options.keep)
  // Loaded once the options are known to be good: the stack's clients and emulators take most of a second.
  if (options.once) return (await import('./checks/once/once.ts')).runOnce(run)
  return (await import('./stack/live.ts')).runLive(run)
}

main().then(exitWhenWritten, (error: unknown) => {
  process.stderr.write(`${failureText(error)}\n${error instanceof UsageError ? `\n${USAGE}\n` : ''}`)
  process.exit(COULD_NOT_RUN)
})
