/** A bug in this program, not an external failure. Caught only at the entry point. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** For branches that the types rule out. */
export function assertNever(value: never): never {
  throw new InvariantError(`unhandled case of type ${typeof value}`)
}
