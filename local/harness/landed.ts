import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '../../shared/domain/json.ts'
import { logRow } from '../../shared/sinks/log-analytics/log-row.ts'
import type { RecordLine } from './archive-checks.ts'
import type { LandedEvent, SinkEvidence } from './evidence.ts'
import { parseCloudEventBatch, parseRows, parseWritten } from './parse-landed.ts'

type EventLine = Extract<RecordLine, { kind: 'event' }>

const MAX_ROW_BYTES = 1_000_000

async function readAll(
  directory: string,
  ending: string,
  parse: (text: string) => readonly LandedEvent[],
): Promise<readonly LandedEvent[]> {
  const landed: LandedEvent[] = []
  const names = await readdir(directory).catch(() => [] as string[])
  for (const name of names.filter((n) => n.endsWith(ending)).sort()) {
    landed.push(...parse(await readFile(join(directory, name), 'utf8')))
  }
  return landed
}

/** The row that an archived event makes, without the time of sending. */
function expectedRow(line: EventLine): JsonObject {
  const { TimeGenerated: _, ...row } = parseWritten(
    `{"TimeGenerated":""${logRow(line.archived, MAX_ROW_BYTES).tail}`,
  )
  return row
}

/** What the two receiving servers of the embedded stack kept on disk. */
export async function landedAt(directory: string): Promise<readonly SinkEvidence[]> {
  return [
    {
      name: 'log-analytics',
      landed: await readAll(join(directory, 'log-analytics'), '.ndjson', parseRows),
      expected: expectedRow,
    },
    {
      name: 'webhook',
      landed: await readAll(join(directory, 'webhook'), '.body', parseCloudEventBatch),
      expected: (line) => parseWritten(line.archived.eventJson.toString()),
    },
  ]
}
