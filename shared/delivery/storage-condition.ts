/** Whether a storage SDK's error carries this HTTP status. */
export const hasStatus = (error: unknown, ...statuses: readonly number[]): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'statusCode' in error &&
  typeof error.statusCode === 'number' &&
  statuses.includes(error.statusCode)
