import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WEBHOOK_SETTINGS } from '../../../shared/config/webhook-settings.ts'
import { EVENT_FIELDS } from '../../../shared/domain/event-fields.ts'
import type { ExportedEvent } from '../../../shared/domain/exported-event.ts'
import { isFault } from '../../../shared/domain/fault.ts'
import type { Redaction } from '../../../shared/domain/redaction.ts'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../../support/archived-events.ts'
import { spanText } from '../../support/event-forms.ts'
import { webhook } from './webhook-under-test.ts'

const NAME = 'Payroll sync'
const rule = (path: string, how: Redaction['how']): Redaction => ({ path: path.split('.'), how })

function dataOf(event: ExportedEvent, redactions: readonly Redaction[], more: object = {}) {
  const sink = webhook({ url: 'https://siem.example/', redactions, redactKey: 'k', ...more })
  const encoded = sink.encode(archived(event))
  if (isFault(encoded)) throw new Error(encoded.code)
  const text = spanText(encoded)
  return { text, whole: JSON.parse(text), data: JSON.parse(text).data }
}

const named = (id: string, displayName: string) =>
  detection(id, { identity: { type: 'servicePrincipal', id, displayName }, ipAddress: '203.0.113.9' })

test('a field is dropped, masked or hashed, and the event says which', () => {
  const { text, data } = dataOf(named('sp', NAME), [
    rule('identity.displayName', 'hash'),
    rule('ipAddress', 'drop'),
    rule('identity.id', 'mask'),
  ])
  expect(text).not.toContain(NAME)
  expect(text).not.toContain('203.0.113.9')
  expect(data.identity).toMatchObject({
    id: '***',
    displayName: expect.stringMatching(/^hash:[0-9a-f]{32}$/),
  })
  expect(data.ipAddress).toBeUndefined()
  expect(data.redacted).toEqual(['identity.displayName', 'ipAddress', 'identity.id'])
})

test('equal values stay joinable, over events and kinds; another key makes other hashes', () => {
  const redactions = [rule('identity.displayName', 'hash')]
  const hashOf = (event: ExportedEvent, more?: object) =>
    dataOf(event, redactions, more).data.identity.displayName
  const state = riskyIdentity('b', { identity: { type: 'servicePrincipal', id: 'b', displayName: NAME } })
  expect(hashOf(named('a', NAME))).toBe(hashOf(state))
  expect(hashOf(named('a', NAME))).not.toBe(hashOf(named('a', `${NAME}.`)))
  expect(hashOf(named('a', NAME))).not.toBe(hashOf(state, { redactKey: 'other' }))
})

test('what leads to the archive stays', () => {
  const plain = dataOf(named('sp', NAME), [])
  const { whole, data } = dataOf(named('sp', NAME), [rule('identity.displayName', 'drop')])
  expect(plain.data.redacted).toBeUndefined()
  expect(data.eventId).toBe(plain.data.eventId)
  for (const name of ['id', 'factkey', 'archiveblob', 'archiveline', 'digest', 'sequence'])
    expect(whole[name], name).toBe(plain.whole[name])
})

test('an event without the field is as it was', () => {
  const event = riskyIdentity('b')
  expect(dataOf(event, [rule('ipAddress', 'drop')]).text).toBe(dataOf(event, []).text)
})

test('lists and what is nested in them are gone through', () => {
  const event = detection('a', {
    keyIds: ['k1', 'k2'],
    additionalInfo: [{ key: 'userAgent', value: 'curl' }],
  })
  const { data } = dataOf(event, [rule('keyIds', 'hash'), rule('additionalInfo.value', 'mask')])
  expect(data.keyIds).toHaveLength(2)
  expect(data.keyIds[0]).toMatch(/^hash:/)
  expect(data.additionalInfo).toEqual([{ key: 'userAgent', value: '***' }])
})

test('a context is redacted like any other event', () => {
  const { data } = dataOf(identityContext('who'), [rule('context', 'drop')])
  expect(data).toMatchObject({ kind: 'identityContext', redacted: ['context'] })
  expect(data.context).toBeUndefined()
})

test('an event that is too large is cut after it is redacted, and says both', () => {
  const event = detection('a', {
    identity: { type: 'servicePrincipal', id: 'a', displayName: NAME },
    extra: { much: 'x'.repeat(100_000) },
    keyIds: ['k1'],
  })
  const redactions = [rule('identity.displayName', 'mask'), rule('keyIds', 'drop')]
  const { text, data } = dataOf(event, redactions, { maxBytes: 65_536 })
  expect(text).not.toContain(NAME)
  expect(data).toMatchObject({ redacted: ['identity.displayName', 'keyIds'], cut: ['extra'] })
})

test('no redacted text is left anywhere in what is sent, by any rule of the three', () => {
  const hows = fc.constantFrom<Redaction['how']>('drop', 'mask', 'hash')
  fc.assert(
    fc.property(hows, fc.uuid(), (how, secret) => {
      const event = detection('a', { identity: { type: 'agent', id: 'a', displayName: secret } })
      for (const format of ['cloudevents', 'splunk-hec'] as const)
        expect(dataOf(event, [rule('identity.displayName', how)], { format }).text).not.toContain(secret)
    }),
  )
})

/** What is at a path: its leaves; none if there is nothing. */
function leavesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const [name, ...rest] = path
  const inner = name === undefined ? value : Reflect.get(Object(value), name)
  if (rest.length > 0) return leavesAt(inner, rest)
  return typeof inner === 'object' && inner !== null
    ? Object.keys(inner).flatMap((member) => leavesAt(inner, [member]))
    : [inner ?? []].flat()
}

const accepted = EVENT_FIELDS.filter(
  (field) => WEBHOOK_SETTINGS.shape.REDACT.safeParse(`${field}:mask`).success,
)

test.each(accepted)('nothing of %s is left, and nothing else is changed, whatever the event', (field) => {
  const path = field.split('.')
  for (const event of [
    detection('a', { extra: { isNew: true } }),
    riskyIdentity('b'),
    identityContext('c'),
    responseAction('d'),
    heartbeat('e'),
  ]) {
    const plain = dataOf(event, []).data
    for (const how of ['drop', 'mask', 'hash'] as const) {
      const { redacted, ...data } = dataOf(event, [rule(field, how)]).data
      for (const leaf of leavesAt(data, path)) expect(leaf).toMatch(/^(\*\*\*|hash:[0-9a-f]{32})$/)
      const others = (of: object) =>
        EVENT_FIELDS.filter((other) => other !== field).map((other) => leavesAt(of, other.split('.')))
      expect(others(data)).toEqual(others(plain))
      expect(Object.keys(plain)).toEqual(expect.arrayContaining(Object.keys(data)))
      expect(redacted ?? []).toEqual(leavesAt(plain, path).length > 0 ? [field] : [])
    }
  }
})
