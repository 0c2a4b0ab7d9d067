import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ArchivedEvent } from '../../../../shared/domain/exported-event.ts'
import { isFault } from '../../../../shared/domain/fault.ts'
import { eventOfJson } from '../../../../shared/domain/flat-event.ts'
import { arbitraryArchivedEvent } from '../../../support/arbitrary-events.ts'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  riskyIdentity,
} from '../../../support/archived-events.ts'
import { jsonOf, spanText } from '../../../support/event-forms.ts'
import { type Facts, factsOf } from '../../../support/facts.ts'
import { type CefLine, parseCef } from '../../../support/parse-cef.ts'
import { byRsyslog, hasRsyslog } from '../../../support/rsyslog.ts'
import { webhook } from '../webhook-under-test.ts'

const cef = webhook({ url: 'https://siem.example/cef', format: 'cef' })

function lineOf(event: ArchivedEvent): string {
  const result = cef.encode(event)
  if (isFault(result)) throw new Error(result.code)
  return spanText(result)
}

/** What a line says, by the names of the model. */
function readBack({ extensions: of }: Pick<CefLine, 'extensions'>): Facts {
  const event = eventOfJson(JSON.parse(of['event'] ?? ''))
  return {
    ...factsOf(archived(event)),
    id: of['externalId'] ?? '',
    factKey: of['factKey'] ?? '',
    position: {
      namespace: of['hubNamespace'] ?? '',
      hub: of['hub'] ?? '',
      partition: of['hubPartition'] ?? '',
      sequenceNumber: Number(of['hubSequenceNumber']),
      ordinal: Number(of['recordOrdinal']),
    },
    archive: {
      blob: of['archiveBlob'] ?? '',
      line: Number(of['archiveLine']),
      digest: of['recordDigest'] ?? '',
    },
  }
}

/** Text as it can be in an extension: no control characters but line breaks, well-formed. */
const shown = (text: unknown = ''): string =>
  Buffer.from((typeof text === 'string' ? text : '').replace(/(?![\n\r])\p{Cc}/gu, ' ')).toString()

const hostile = detection('x', {
  identity: { type: 'agent', id: 'a=b \\ c|d\n cs1=e', displayName: 'Ünï 夜 suser=root\u007f\u0085' },
  risk: { level: 'high', state: 'at|Risk\\', eventType: 'type|with\\pipe\nand line' },
  detection: { name: 'A | name = \\ \r\n', description: '', severity: 'high', links: [] },
})

describe('CEF', () => {
  test('any event is one line, and its facts can be read back', () => {
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        const line = lineOf(event)
        expect(line).not.toMatch(/[\n\r]/)
        const read = parseCef(line)
        const facts = factsOf(event)
        expect(readBack(read)).toEqual(facts)
        expect(JSON.parse(read.extensions['event'] ?? '')).toEqual(JSON.parse(jsonOf(event).toString()))
        expect(read.extensions['suid'] ?? '').toBe(shown(facts.identity?.id))
        expect(read.extensions['suser'] ?? '').toBe(shown(facts.identity?.displayName))
        expect(read.extensions['cs1'] ?? '').toBe(shown(facts.risk?.level))
        expect(read.extensions['cs2'] ?? '').toBe(shown(facts.risk?.state))
        expect(read.extensions['rt']).toBe(String(event.event.lastUpdatedAt))
      }),
    )
  })

  test('what would end a field or begin another is escaped', () => {
    const line = lineOf(archived(hostile))
    expect(line).toContain('|type\\|with\\\\pipe and line|A \\| name = \\\\   |8|')
    expect(line).toContain(
      ' suid=a\\=b \\\\ c|d\\n cs1\\=e suser=Ünï 夜 suser\\=root   cs1Label=riskLevel cs1=high ',
    )
  })

  test('no control character of the event is lost', () => {
    expect(readBack(parseCef(lineOf(archived(hostile))))).toEqual(factsOf(archived(hostile)))
  })

  test.each([
    ['high', '8'],
    ['medium', '5'],
    ['low', '3'],
    ['none', '0'],
    ['hidden', 'Unknown'],
  ])('a level %s has the severity %s', (level, severity) => {
    expect(parseCef(lineOf(archived(detection('x', { risk: { level } })))).header[6]).toBe(severity)
  })

  test('IPv4 is the source, IPv6 has a field of its own', () => {
    const of = (ipAddress: string) => parseCef(lineOf(archived(detection('x', { ipAddress })))).extensions
    expect(of('203.0.113.7')).toMatchObject({ src: '203.0.113.7' })
    expect(of('2001:db8::1')).toMatchObject({ c6a2Label: 'sourceAddress', c6a2: '2001:db8::1' })
    expect(of('***')).toMatchObject({ sourceAddress: '***' })
  })

  test.skipIf(!hasRsyslog)(
    "rsyslog's own parser reads any event the same (needs Debian's rsyslog)",
    async () => {
      const events = [
        ...[hostile, riskyIdentity('b'), identityContext('c'), heartbeat('d')].map((event) =>
          archived(event),
        ),
        ...fc.sample(arbitraryArchivedEvent, { numRuns: 200, seed: 7 }),
      ]
      const read = await byRsyslog(events.map(lineOf))
      for (const [index, { Extensions: extensions, SignatureID, Name, Severity }] of read.entries()) {
        const event = events[index] as ArchivedEvent
        expect(readBack({ extensions })).toEqual(factsOf(event))
        const [, , , , signature, name, severity] = parseCef(lineOf(event)).header
        expect([SignatureID, Name, Severity]).toEqual([signature, name, severity])
      }
    },
  )
})
