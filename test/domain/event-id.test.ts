import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../shared/domain/digest.ts'
import { type EventParts, eventIdOf } from '../../shared/domain/event-id.ts'
import { factKey, instant } from '../../shared/domain/identifiers.ts'

const key = factKey('f'.repeat(64))

const full: Required<EventParts> = {
  factKey: key,
  level: 'high',
  detail: 'none',
  eventType: 'leakedCredentials',
  source: 'IdentityProtection',
  timingType: 'offline',
  activity: 'servicePrincipal',
  activityAt: instant(1),
  detectedAt: instant(2),
  ipAddress: '203.0.113.7',
  location: { b: 1, a: 'x' },
  displayName: 'Night Batch',
  appId: 'app',
  keyIds: ['k2', 'k1'],
  additionalInfo: [
    { key: 'z', value: { b: 1, a: 2 } },
    { key: 'a', value: null },
  ],
}

describe('an event id', () => {
  test('is the SHA-256 of the canonical list of its parts, version 1', () => {
    const list =
      `["${key}","high","none","leakedCredentials","IdentityProtection","offline","servicePrincipal",1,2,"203.0.113.7",` +
      '{"a":"x","b":1},"Night Batch","app",["k1","k2"],[["a",null],["z",{"a":2,"b":1}]]]'
    expect(eventIdOf(full)).toBe(sha256Hex(list))
    expect(eventIdOf(full)).toBe('24b67075cdc13bc938846be8129d935182144c87ae94574d7cbf718abb4fb855')
  })

  test('takes what is absent for null, and no list for an empty one', () => {
    const list = `["${key}",${'null,'.repeat(12)}[],[]]`
    expect(eventIdOf({ factKey: key })).toBe(sha256Hex(list))
    expect(eventIdOf({ factKey: key, level: undefined, keyIds: [], additionalInfo: [] })).toBe(
      eventIdOf({ factKey: key }),
    )
  })

  test('does not depend on the order of key ids, pairs and members', () => {
    const other: EventParts = {
      ...full,
      location: { a: 'x', b: 1 },
      keyIds: full.keyIds.toReversed(),
      additionalInfo: full.additionalInfo.toReversed(),
    }
    expect(eventIdOf(other)).toBe(eventIdOf(full))
  })

  test.each(Object.keys(full).filter((part) => part !== 'factKey'))('changes with %s', (part) => {
    const without = Object.fromEntries(Object.entries(full).filter(([name]) => name !== part))
    expect(eventIdOf({ ...without, factKey: key })).not.toBe(eventIdOf(full))
  })

  test('changes with the fact', () => {
    expect(eventIdOf({ ...full, factKey: factKey('0'.repeat(64)) })).not.toBe(eventIdOf(full))
  })

  test('does not sort the lists that it is given', () => {
    const keyIds = ['k2', 'k1']
    eventIdOf({ factKey: key, keyIds })
    expect(keyIds).toEqual(['k2', 'k1'])
  })
})
