import type { PartitionLog } from './partition-log.ts'
import type { Refusal } from './refusal.ts'

const selectorPattern = /amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=|>)\s*'([^']*)'/

/**
 * The sequence number at which a reader starts, from its selector filter; default: the first. A
 * position beyond the end is refused, as by the service: this is how a consumer learns that the hub
 * was re-created. Source:
 * https://github.com/Azure/azure-sdk-for-net/issues/9213
 */
export function startPosition(selector: string | undefined, log: PartitionLog): number | Refusal {
  if (selector === undefined) return log.state().firstSequenceNumber
  const [, annotation, operator, value = ''] = selectorPattern.exec(selector) ?? []
  const inclusive = operator === '>='
  const end = log.state().lastSequenceNumber + 1
  if (annotation === undefined) return invalid(`The selector '${selector}' is not understood.`)
  if (value === '@latest') return end
  if (!/^-?\d+$/.test(value)) return invalid(`The position '${value}' is not a number.`)
  const wanted = Number(value)
  switch (annotation) {
    case 'offset':
      if (wanted > Number(log.state().lastOffset)) return beyond('offset', value, log.state().lastOffset)
      return log.firstWhere(({ offset }) => (inclusive ? Number(offset) >= wanted : Number(offset) > wanted))
    case 'sequence-number':
      if (wanted >= end) return beyond('sequence number', value, String(end - 1))
      return Math.max(log.state().firstSequenceNumber, inclusive ? wanted : wanted + 1)
    default:
      return log.firstWhere(({ enqueuedAtMs }) =>
        inclusive ? enqueuedAtMs >= wanted : enqueuedAtMs > wanted,
      )
  }
}

function beyond(what: string, supplied: string, last: string): Refusal {
  return invalid(`The supplied ${what} '${supplied}' is invalid. The last ${what} in the system is '${last}'`)
}

function invalid(description: string): Refusal {
  return { condition: 'com.microsoft:argument-error', description }
}
