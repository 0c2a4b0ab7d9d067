import { once } from 'node:events'
import { runOnce } from './checks/once/once.ts'
import { exitWhenWritten } from './stack/exit-when-written.ts'
import { FeedError, type FeedMessage } from './stack/feed/feed-message.ts'
import { readFeed } from './stack/feed/read-feed.ts'
import { storyDirectory } from './stack/feed/story-directory.ts'
import { runLive } from './stack/live.ts'
import { progressOn } from './stack/progress.ts'
import { type StartOptions, startOptions, USAGE, UsageError } from './stack/start-options.ts'

const COULD_NOT_RUN = 3

const write = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

async function readFeeds({ feeds }: StartOptions): Promise<readonly FeedMessage[]> {
  const messages: FeedMessage[] = []
  for (const path of feeds.length === 0 ? [storyDirectory()] : feeds) messages.push(...(await readFeed(path)))
  return messages
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
    messages: await readFeeds(options),
    progress: progressOn(process.stderr),
    write,
    nowMs: () => Date.now(),
    stopped,
  }
  return options.once ? runOnce(run) : runLive(run)
}

main().then(exitWhenWritten, (error: unknown) => {
  const known = error instanceof UsageError || error instanceof FeedError
  const text =
    error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)
  process.stderr.write(`${text}\n${error instanceof UsageError ? `\n${USAGE}\n` : ''}`)
  process.exit(COULD_NOT_RUN)
})
