import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { ReadMessage, ReadRecord } from '../../shared/domain/read-message.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import type { SourceSettings } from '../../shared/source/source-settings.ts'
import { jsonOf } from '../support/event-forms.ts'
import { messageOf, settings } from './reading-under-test.ts'

// Each input is the body of one message, byte for byte. Expected files are rewritten by `vitest -u`
// alone.
const folder = new URL('../golden/normalise/', import.meta.url)

const otherSettings: Readonly<Record<string, Partial<SourceSettings>>> = {
  'users-not-wanted': { includeUserRisk: false },
  'detection-named-in-japanese': { language: 'ja' },
  'detection-named-in-chinese': { language: 'zh-Hans' },
}

const recordForm = ({ ordinal, bytes, content, reading }: ReadRecord) => ({
  ordinal,
  bytes,
  form: content.form,
  reading:
    reading.status === 'event' ? { status: 'event', event: JSON.parse(jsonOf(reading).toString()) } : reading,
})

const expectedForm = (read: ReadMessage) =>
  read.status === 'split'
    ? { status: 'split', records: read.records.map(recordForm) }
    : { status: 'unsplit', form: read.body.form, fault: read.fault }

const inputs = readdirSync(folder).filter((name) => !name.endsWith('.expected.json'))

describe('a message is read as expected', () => {
  test.each(inputs)('%s', async (input) => {
    const situation = basename(input, extname(input))
    const body = readFileSync(new URL(input, folder))
    const read = readMessage(messageOf(body), { ...settings, ...otherSettings[situation] })
    const expected = new URL(`${situation}.expected.json`, folder)
    await expect(`${JSON.stringify(expectedForm(read), null, 2)}\n`).toMatchFileSnapshot(
      fileURLToPath(expected),
    )
  })

  test.each(inputs)('and what is told beside its events is what they say: %s', (input) => {
    const read = readMessage(messageOf(readFileSync(new URL(input, folder))), settings)
    for (const { reading } of read.status === 'split' ? read.records : []) {
      if (reading.status !== 'event') continue
      const { kind, category, eventId, lastUpdatedAt } = reading.event
      expect(JSON.parse(jsonOf(reading).toString())).toMatchObject({
        kind,
        category,
        eventId,
        lastUpdatedAt: isoInstant(lastUpdatedAt),
      })
    }
  })
})
