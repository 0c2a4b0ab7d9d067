/** A bug in this program, not an external failure. Caught only at the entry point. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}
