import { expect, test } from 'vitest'
import { positionJson } from '../../shared/domain/position.ts'
import { positionOf } from '../support/archive-lines.ts'

test('a position is written in the order of the archive line', () => {
  expect(positionJson(positionOf(42))).toBe(
    '{"namespace":"localhost","hub":"entra-risk","partition":"0","sequenceNumber":42,"offset":"42000","enqueuedAt":"2026-11-02T08:30:42.000Z"}',
  )
})

test('names with quotes do not break out of it', () => {
  const json = JSON.parse(positionJson(positionOf(1, { hub: 'a","x":"b', offset: '"\n' })))
  expect(json).toMatchObject({ hub: 'a","x":"b', offset: '"\n' })
  expect(Object.keys(json)).toHaveLength(6)
})
