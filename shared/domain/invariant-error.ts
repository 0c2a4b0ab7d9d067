/** A bug in this program, not a condition of the world. Meets nobody below the entry point. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** For the branch that the types say cannot be reached. */
export function assertNever(value: never): never {
  throw new InvariantError(`unhandled case of type ${typeof value}`)
}
