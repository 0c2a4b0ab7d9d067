import { expect, test } from 'vitest'
import { FAULT_CODES, isFault, recordFault, sinkFault, transientFault } from '../../shared/domain/fault.ts'
import { detection } from '../support/archived-events.ts'

test('a fault states code, scope and message, and a detail only where there is one', () => {
  expect(recordFault('fieldMissing', 'm', { field: 'properties.id' })).toEqual({
    code: 'fieldMissing',
    scope: 'record',
    message: 'm',
    field: 'properties.id',
  })
  expect(Object.keys(sinkFault('unauthorized', 'm'))).toEqual(['code', 'scope', 'message'])
  expect(transientFault('throttled', 'm', { status: 429, retryAfterMs: 1000 })).toEqual({
    code: 'throttled',
    scope: 'transient',
    message: 'm',
    status: 429,
    retryAfterMs: 1000,
  })
})

test('fault codes are there once each', () => {
  expect(new Set(FAULT_CODES).size).toBe(FAULT_CODES.length)
})

test('a fault is told from an event', () => {
  expect(isFault(recordFault('bodyEmpty', 'm'))).toBe(true)
  expect(isFault(detection('a'))).toBe(false)
})
