/** Wrong words on the command line. The message says which and what is expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Something around the command is not as it must be. The message says what to do. */
export class CannotRunError extends Error {
  override readonly name = 'CannotRunError'
}
