import { InvariantError } from './invariant-error.ts'

/** Written by a newer program version: never dead-lettered or overwritten by this one. */
export class NewerVersionError extends InvariantError {}
