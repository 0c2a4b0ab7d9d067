import { type Fault, sinkFault, transientFault } from '../domain/fault.ts'

/** Whether a storage SDK's error carries this HTTP status. */
export const hasStatus = (error: unknown, ...statuses: readonly number[]): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'statusCode' in error &&
  typeof error.statusCode === 'number' &&
  statuses.includes(error.statusCode)

/** Whether a storage SDK's error has one of these codes; the table SDK keeps it in the details. */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  codeIn(error).some((code) => codes.includes(code))

function codeIn(error: unknown): readonly string[] {
  if (typeof error !== 'object' || error === null) return []
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  const details = 'details' in error ? error.details : undefined
  return typeof details === 'object' && details !== null && 'odataError' in details
    ? [...own, ...codeIn(details.odataError)]
    : own
}

/** The health check's message for a storage that does not answer properly. */
export const unavailableStorage =
  (what: string) =>
  (error: unknown): Fault =>
    hasStatus(error, 401, 403)
      ? sinkFault(
          'unauthorized',
          `Reading the container "${what}" is not allowed. Check the role of the app's identity there.`,
        )
      : hasStatus(error, 404)
        ? sinkFault(
            'notFound',
            `The container "${what}" does not exist. Check that the infrastructure was deployed.`,
          )
        : transientFault(
            'unavailable',
            `The storage of the container "${what}" does not answer. Check its network rules.`,
          )
