const ALREADY_THERE: ReadonlySet<string> = new Set([
  'BlobAlreadyExists',
  'BlobImmutableDueToPolicy',
  'ConditionNotMet',
  // What a role that may create but not overwrite is told.
  'UnauthorizedBlobOverwrite',
])

/** Whether a storage says of a blob that is written once: it is there, under this name, as it was. */
export const isAlreadyThere = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && ALREADY_THERE.has(String(error.code))
