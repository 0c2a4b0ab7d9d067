import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { settings } from '../source/reading-under-test.ts'
import { positionOf } from '../support/archive-lines.ts'

// The lines are frozen: a change here is version 2 of the archive. Expected files are rewritten by
// `vitest -u` alone.
const golden = (path: string): URL => new URL(`../golden/${path}`, import.meta.url)

/** Messages of a situation, by the names of their bodies in test/golden/normalise. */
const situations: Readonly<Record<string, readonly string[]>> = {
  'events-of-every-kind': [
    'detection-leaked-credentials.json',
    'identity-at-risk-then-confirmed-compromised.json',
    'agent-detection.json',
    'agent-risk-state.json',
    'user-detection.json',
    'heartbeat.json',
  ],
  'faults-beside-events': [
    'id-missing.json',
    'records-that-are-no-objects.json',
    'detection-leaked-credentials.json',
  ],
  'records-on-several-lines': ['pretty-printed-with-crlf.json'],
  'records-that-are-no-text': ['record-not-utf8-between-good-records.bin'],
  'records-broken-and-cut-off': ['quote-missing-between-good-records.json', 'cut-off-in-a-record.json'],
  'records-nested-too-deep': ['nested-too-deep.json'],
  'names-of-object-prototypes': ['names-of-object-prototypes.json', 'half-a-surrogate-pair.json'],
  'messages-without-records': [
    'body-empty.json',
    'body-not-json.json',
    'body-not-utf8.bin',
    'records-null.json',
  ],
  'runs-of-skipped-messages': [
    'category-of-other-logs.json',
    'no-records.json',
    'bare-record.json',
    'category-of-other-logs.json',
  ],
}

describe('messages are archived as exactly these lines', () => {
  test.each(Object.keys(situations))('%s', async (situation) => {
    const messages = (situations[situation] ?? []).map((name, i) =>
      readMessage(
        { position: positionOf(100 + i), body: readFileSync(golden(`normalise/${name}`)) },
        settings,
      ),
    )
    const { content, blob } = buildChunk(messages)
    const expected = fileURLToPath(golden(`archive/${situation}.ndjson`))
    await expect(content.toString('utf8')).toMatchFileSnapshot(expected)
    await expect(`${blob}\n`).toMatchFileSnapshot(expected.replace('.ndjson', '.blob-name'))
  })
})
