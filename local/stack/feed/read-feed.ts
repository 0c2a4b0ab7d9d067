import { readFile } from 'node:fs/promises'
import { type FeedFile, feedFiles } from './feed-files.ts'
import { feedLines } from './feed-lines.ts'
import {
  FeedError,
  type FeedMessage,
  MAX_FEED_BYTES,
  MAX_FEED_MESSAGES,
  MAX_MESSAGE_BYTES,
} from './feed-message.ts'

/**
 * Reads what is to be put on the hub, in an order that is always the same.
 *
 * - `.json`, `.bin`: one message, byte for byte as the file is (an empty file is an empty message);
 * - `.ndjson`: one message per line that is not blank; a bare record is wrapped as
 *   `{"records":[…]}`, its text unchanged;
 * - other files in a folder are left out; other files named themselves are an error.
 *
 * @param path a file, or a folder that is read at any depth
 * @throws FeedError if there is nothing to send, a message is larger than a hub takes, or the feed
 * is beyond its bounds
 */
export async function readFeed(path: string): Promise<readonly FeedMessage[]> {
  const messages: FeedMessage[] = []
  let bytesLeft = MAX_FEED_BYTES
  for (const file of await feedFiles(path)) {
    bytesLeft -= file.bytes
    if (bytesLeft < 0)
      throw new FeedError(`Reading the feed ${path}: more than ${MAX_FEED_BYTES} bytes. Send it in parts.`)
    for (const body of await readBodies(file)) {
      messages.push({ file: file.name, body })
      if (messages.length > MAX_FEED_MESSAGES)
        throw new FeedError(
          `Reading the feed ${path}: more than ${MAX_FEED_MESSAGES} messages. Send it in parts.`,
        )
    }
  }
  if (messages.length === 0) throw new FeedError(`Reading the feed ${path}: it holds no message.`)
  return messages
}

async function readBodies(file: FeedFile): Promise<readonly Uint8Array[]> {
  if (file.extension !== '.ndjson') checkSize(file.name, file.bytes)
  const content = await readFile(file.path)
  const bodies = file.extension === '.ndjson' ? feedLines(content) : [content]
  for (const body of bodies) checkSize(file.name, body.length)
  return bodies
}

function checkSize(name: string, bytes: number): void {
  if (bytes > MAX_MESSAGE_BYTES)
    throw new FeedError(
      `Reading ${name}: a message of ${bytes} bytes; an Event Hub takes ${MAX_MESSAGE_BYTES}. Split the records over more messages.`,
    )
}
