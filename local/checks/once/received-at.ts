import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SinkEvidence } from '../verify/evidence.ts'
import { parseCloudEvents, parseRows } from '../verify/parse-received.ts'
import type { Received } from '../verify/received.ts'

async function readAll(
  directory: string,
  ending: string,
  parse: (text: string, file: string) => readonly Received[],
): Promise<readonly Received[]> {
  const received: Received[] = []
  const names = await readdir(directory).catch(() => [] as string[])
  for (const name of names.filter((n) => n.endsWith(ending)).sort()) {
    received.push(...parse(await readFile(join(directory, name), 'utf8'), name))
  }
  return received
}

/**
 * What the stack's two receivers stored on disk.
 * @param parseBody reads what is POSTed to the webhook
 */
export const receivedAt = async (
  directory: string,
  parseBody: (body: string) => readonly Received[] = parseCloudEvents,
): Promise<readonly SinkEvidence[]> => [
  {
    name: 'log-analytics',
    received: await readAll(join(directory, 'log-analytics'), '.ndjson', parseRows),
  },
  {
    name: 'webhook',
    received: await readAll(join(directory, 'webhook'), '.body', parseBody),
  },
]
