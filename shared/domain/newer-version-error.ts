import { InvariantError } from './invariant-error.ts'

/**
 * Something stored was written by a newer version of this program: it is left to that one, never
 * dead-lettered, never overwritten.
 */
export class NewerVersionError extends InvariantError {}
