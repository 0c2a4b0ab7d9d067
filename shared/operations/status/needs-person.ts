import type { FaultCode } from '../../domain/fault.ts'

/** Faults that pass by themselves, or with what is ahead. */
const PASSES: ReadonlySet<FaultCode> = new Set([
  'timeout',
  'throttled',
  'unavailable',
  'unreachable',
  'ordered',
  'breakerOpen',
])

/** Whether a fault lasts until somebody mends what it names. */
export const needsPerson = (fault: { readonly code: FaultCode } | undefined): boolean =>
  fault !== undefined && !PASSES.has(fault.code)
