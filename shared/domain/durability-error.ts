/**
 * Archive, outbox or dead letters could not be written. Nothing is lost: the batch fails, the host
 * does not advance its checkpoint, and reruns it. The only external failure that is thrown.
 */
export class DurabilityError extends Error {
  override readonly name = 'DurabilityError'

  constructor(doing: string, cause: unknown) {
    super(
      `${doing}: ${reasonOf(cause)} Check that the storage account answers and that the app's identity has its role there.`,
      { cause },
    )
  }
}

/** Status and code of a storage error; never its text, which may quote a request. */
function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return 'no reason given.'
  const status = 'statusCode' in cause ? ` status ${String(cause.statusCode)}` : ''
  const code = 'code' in cause ? ` ${String(cause.code)}` : ''
  const name = cause instanceof Error ? cause.name : 'error'
  return `${name}${status}${code}.`
}
