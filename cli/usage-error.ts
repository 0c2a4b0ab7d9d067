/** An invalid command line. The message says what was wrong and what is expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The command cannot run here. The message says what to do. */
export class CannotRunError extends Error {
  override readonly name = 'CannotRunError'
}
